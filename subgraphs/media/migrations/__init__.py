"""Alembic's scripts for the media domain."""
