"""What people note on pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from subgraphs.kit.database.models import timestamp
from subgraphs.media.models.base import MediaTable

__all__ = ["AssetTag", "Favorite"]


class AssetTag(MediaTable, table=True):
    """A word its owner put to a picture."""

    __tablename__: ClassVar[Any] = "asset_tags"
    __table_args__ = (Index("asset_tags_owner", "owner_id", "name", text("media_id DESC")),)

    media_id: UUID = Field(foreign_key="media_files.id", primary_key=True)
    name: str = Field(primary_key=True)
    owner_id: UUID


class Favorite(MediaTable, table=True):
    """A picture that someone likes to find again."""

    __tablename__: ClassVar[Any] = "favorites"
    __table_args__ = (Index("favorites_page", "user_id", text("added_at DESC"), text("media_id DESC")),)

    user_id: UUID = Field(primary_key=True)
    media_id: UUID = Field(foreign_key="media_files.id", primary_key=True)
    added_at: datetime = Field(sa_type=timestamp)
