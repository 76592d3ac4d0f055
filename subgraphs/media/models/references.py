"""Where other domains show pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from subgraphs.kit.database.models import timestamp
from subgraphs.media.models.base import MediaTable

__all__ = ["AssetReference"]


class AssetReference(MediaTable, table=True):
    """A picture in something that another domain owns (a post, a product, a profile), as that domain's events tell."""

    __tablename__: ClassVar[Any] = "asset_references"
    __table_args__ = (Index("asset_references_media", "media_id"),)

    subject_type: str = Field(primary_key=True)
    subject_id: UUID = Field(primary_key=True)
    media_id: UUID = Field(primary_key=True)
    placed_by: UUID
    audience: str
    """``PUBLIC``, ``FOLLOWERS`` of who placed it, or ``PRIVATE``: ``readers`` alone."""
    readers: list[UUID] | None = Field(default=None, sa_column=Column(ARRAY(Uuid)))
    since: datetime = Field(sa_type=timestamp)
    version: int = Field(sa_type=BigInteger)
    """The subject's, when the event told of it."""
