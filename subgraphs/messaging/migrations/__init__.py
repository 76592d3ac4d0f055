"""Alembic's scripts for the messaging domain."""
