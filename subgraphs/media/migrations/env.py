"""Alembic's entry."""

from subgraphs.kit.database.migrations import run_environment
from subgraphs.media.models import METADATA

run_environment(METADATA)
