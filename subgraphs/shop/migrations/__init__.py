"""Alembic's scripts for the shop domain."""
