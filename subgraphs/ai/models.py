"""The ai domain's tables."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, REAL, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from subgraphs.kit.database.models import shared_tables

__all__ = ["LISTED", "METADATA", "RELATED", "TABLES", "Embedding"]

LISTED, RELATED = "listed", "related"
"""The cache's names for whose a product is that can be found, and for the others that are likest to one."""

_registry = registry()


class _Model(SQLModel, registry=_registry):
    pass


class Embedding(_Model, table=True):
    """What is searched of one public entity; what is not public is not here.

    The vector is a plain array: the ``vector`` extension can be created by a superuser alone, which a
    domain's role is not, here or at a managed server.
    """

    __tablename__: ClassVar[Any] = "embeddings"
    __table_args__ = (
        Index("embeddings_terms", "terms", postgresql_using="gin"),
        Index("embeddings_owner", "owner_id", "subject_type"),
    )

    subject_type: str = Field(primary_key=True)
    subject_id: UUID = Field(primary_key=True)
    owner_id: UUID
    """Whose it is: nothing of theirs is found across a block."""
    model: str
    """The provider that made the vector; vectors of different ones are not compared."""
    vector: list[float] = Field(sa_type=ARRAY(REAL))
    terms: str = Field(sa_type=TSVECTOR)
    """Words of the title (A) and the text (B) as written, and stems of both (C)."""


METADATA = _registry.metadata
TABLES = shared_tables(METADATA)
