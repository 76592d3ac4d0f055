"""What all tables of the domain share."""

from __future__ import annotations

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from subgraphs.kit.database.models import shared_tables

__all__ = ["METADATA", "TABLES", "MediaTable"]

_registry = registry()


class MediaTable(SQLModel, registry=_registry):
    pass


METADATA = _registry.metadata
TABLES = shared_tables(METADATA)
