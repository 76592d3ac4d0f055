"""The media domain's tables."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from subgraphs.kit.models import Entity, live_index, shared_tables

__all__ = ["MEDIA", "METADATA", "TABLES", "MediaFile"]

MEDIA = "media"
"""The cache's name for a file's row."""

_registry = registry()


class _Model(SQLModel, registry=_registry):
    pass


class MediaFile(Entity, _Model, table=True):
    """One uploaded picture. Its bytes are in the object store; ``objects.py`` names them."""

    __tablename__: ClassVar[Any] = "media_files"
    __table_args__ = (
        live_index("media_files_owner", "owner_id", "id DESC"),
        live_index("media_files_public", "id DESC", where="visibility = 'PUBLIC'"),
        live_index("media_files_pending", "id", where="status = 'DEGRADED'"),
    )

    owner_id: UUID
    visibility: str
    alt_text: str | None = None
    status: str
    revision: str
    """Part of every address. A new one when the picture is made private, so that old addresses end."""
    sha256: str
    width: int
    height: int
    format: str
    bytes: int = Field(sa_type=BigInteger)
    blur_placeholder: str | None = None
    thumbhash: str | None = None
    dominant_color: int | None = None
    """``0xRRGGBB``."""
    variants: dict[str, dict[str, Any]] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    """By size, ``full`` among them: ``width height format bytes``. Empty while nothing could be made."""


METADATA = _registry.metadata
TABLES = shared_tables(METADATA)
