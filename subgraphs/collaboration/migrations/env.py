"""Alembic's entry."""

from subgraphs.collaboration.models import METADATA
from subgraphs.kit.database.migrations import run_environment

run_environment(METADATA)
