"""Alembic's entry."""

from subgraphs.collaboration.models import METADATA
from subgraphs.kit.migrations import run_environment

run_environment(METADATA)
