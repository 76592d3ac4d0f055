"""Tables of albums, of what people note on pictures, and of where else pictures are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import String
from sqlmodel import Field

from subgraphs.kit.models import Entity, live_index, timestamp
from subgraphs.media.models.files import MediaTable

__all__ = [
    "ALBUM",
    "Album",
    "AlbumItem",
    "AlbumMember",
    "AlbumShare",
    "AssetReference",
    "AssetTag",
    "Favorite",
    "Purge",
]

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


class Purge(MediaTable, table=True):
    """Something a CDN has to forget; gone when it has said that it did."""

    __tablename__: ClassVar[Any] = "cdn_purges"
    __table_args__ = (Index("cdn_purges_due", "due_at"),)

    id: UUID = Field(primary_key=True)
    surrogate_keys: list[str] = Field(sa_column=Column(ARRAY(String), nullable=False))
    requested_at: datetime = Field(sa_type=timestamp)
    due_at: datetime = Field(sa_type=timestamp)
    attempts: int = 0
