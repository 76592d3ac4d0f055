"""Alembic's entry."""

from subgraphs.kit.migrations import run_environment
from subgraphs.media.models import METADATA

run_environment(METADATA)
