"""Alembic's scripts for the collaboration domain."""
