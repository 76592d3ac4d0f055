"""Alembic's entry."""

from subgraphs.kit.migrations import run_environment
from subgraphs.shop.models import METADATA

run_environment(METADATA)
