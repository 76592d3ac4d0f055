"""Alembic's scripts for the ai domain."""
