"""Alembic's scripts for the user domain."""
