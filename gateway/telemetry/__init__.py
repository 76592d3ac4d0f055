"""Spans, metrics, latency per resolver and per fetch."""
