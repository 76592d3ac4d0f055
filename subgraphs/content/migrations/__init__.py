"""Alembic's scripts for the content domain."""
