"""Compiled operations run: each fetch as soon as it can, equal ones together, and what went wrong told without the exact path."""
