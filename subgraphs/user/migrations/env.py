"""Alembic's entry."""

from subgraphs.kit.database.migrations import run_environment
from subgraphs.user.models import METADATA

run_environment(METADATA)
