"""Albums, and who is let into them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from subgraphs.kit.database.models import Entity, live_index, timestamp
from subgraphs.media.models.base import MediaTable

__all__ = ["ALBUM", "Album", "AlbumItem", "AlbumMember", "AlbumShare"]

ALBUM = "album"
"""The cache's name for an album's row."""


class Album(Entity, MediaTable, table=True):
    """Pictures in an order, of one owner and those let in."""

    __tablename__: ClassVar[Any] = "albums"
    __table_args__ = (live_index("albums_owner", "owner_id", "id DESC"),)

    owner_id: UUID
    title: str
    description: str | None = None
    visibility: str
    """``PRIVATE`` (who was let in), ``FOLLOWERS`` or ``PUBLIC``."""
    cover_id: UUID | None = None


class AlbumItem(MediaTable, table=True):
    """A picture in an album. Only where its own owner put it there does the album show it to more people."""

    __tablename__: ClassVar[Any] = "album_items"
    __table_args__ = (
        Index("album_items_page", "album_id", "position", "media_id"),
        Index("album_items_media", "media_id"),
    )

    album_id: UUID = Field(foreign_key="albums.id", primary_key=True)
    media_id: UUID = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger)
    """With room between neighbours; ``albums/ordering.py`` says how much."""
    added_by: UUID
    added_at: datetime = Field(sa_type=timestamp)


class AlbumMember(MediaTable, table=True):
    """Someone let in: ``VIEWER``, or ``CONTRIBUTOR`` who adds pictures of their own."""

    __tablename__: ClassVar[Any] = "album_members"
    __table_args__ = (Index("album_members_user", "user_id", "album_id"),)

    album_id: UUID = Field(foreign_key="albums.id", primary_key=True)
    user_id: UUID = Field(primary_key=True)
    role: str
    added_at: datetime = Field(sa_type=timestamp)


class AlbumShare(Entity, MediaTable, table=True):
    """A link that shows an album to whoever holds it, until it ends or is revoked (``deleted_at``)."""

    __tablename__: ClassVar[Any] = "album_shares"
    __table_args__ = (
        Index("album_shares_token", "token_hash", unique=True),
        live_index("album_shares_album", "album_id", "id"),
    )

    album_id: UUID = Field(foreign_key="albums.id")
    token_hash: bytes
    """SHA-256 of the token, which is told once and kept nowhere."""
    expires_at: datetime | None = Field(default=None, sa_type=timestamp)
