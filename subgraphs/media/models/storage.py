"""Contents in the object store, and who has them.

Written through `storage/blobs.py`, removed by `jobs/collector.py`; why that loses nothing is said there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from subgraphs.kit.database.models import timestamp
from subgraphs.media.models.base import MediaTable

__all__ = ["Blob", "BlobClaim", "BlobReference", "StorageQuota", "StoreIdentity"]


class Blob(MediaTable, table=True):
    """One content, stored once. A condemned one is never referenced or written to again."""

    __tablename__: ClassVar[Any] = "media_blobs"
    __table_args__ = (
        Index("media_blobs_content", "sha256", unique=True, postgresql_where=text("condemned_at IS NULL")),
        Index("media_blobs_condemned", "condemned_at", postgresql_where=text("condemned_at IS NOT NULL")),
    )

    prefix: str = Field(primary_key=True)
    """What the keys of its objects begin with: never used twice."""
    sha256: str | None = None
    """None: stored before contents were shared, as a duplicate."""
    bytes: int = Field(sa_type=BigInteger)
    created_at: datetime = Field(sa_type=timestamp)
    condemned_at: datetime | None = Field(default=None, sa_type=timestamp)


class BlobReference(MediaTable, table=True):
    """How many files of an owner have this content; there is no row for none."""

    __tablename__: ClassVar[Any] = "blob_references"

    blob: str = Field(primary_key=True, foreign_key="media_blobs.prefix")
    owner_id: UUID = Field(primary_key=True)
    count: int


class BlobClaim(MediaTable, table=True):
    """An upload that writes to this blob just now and will refer to it."""

    __tablename__: ClassVar[Any] = "blob_claims"
    __table_args__ = (Index("blob_claims_blob", "blob"),)

    id: UUID = Field(primary_key=True)
    blob: str = Field(foreign_key="media_blobs.prefix")
    expires_at: datetime = Field(sa_type=timestamp)


class StorageQuota(MediaTable, table=True):
    """What an owner stores: each content once, each file; and limits other than the settings'."""

    __tablename__: ClassVar[Any] = "storage_quotas"

    owner_id: UUID = Field(primary_key=True)
    bytes: int = Field(default=0, sa_type=BigInteger)
    files: int = 0
    max_bytes: int | None = Field(default=None, sa_type=BigInteger)
    max_files: int | None = None


class StoreIdentity(MediaTable, table=True):
    """An object store that this database knows: its marker object holds the id."""

    __tablename__: ClassVar[Any] = "object_stores"

    id: UUID = Field(primary_key=True)
    created_at: datetime = Field(sa_type=timestamp)
