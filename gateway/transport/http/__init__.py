"""Clients of an HTTP origin, of either version: pooled connections, bounded answers, failures with codes."""
