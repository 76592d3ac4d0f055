"""Alembic's entry."""

from subgraphs.kit.database.migrations import run_environment
from subgraphs.shop.models import METADATA

run_environment(METADATA)
