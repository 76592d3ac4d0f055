"""The media domain's tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from media_core import PIPELINE_VERSION
from subgraphs.kit.models import Entity, live_index, shared_tables, timestamp

__all__ = [
    "MEDIA",
    "METADATA",
    "TABLES",
    "Blob",
    "BlobClaim",
    "BlobReference",
    "MediaFile",
    "MediaTable",
    "StorageQuota",
    "StoreIdentity",
    "UploadPart",
    "UploadSession",
]

MEDIA = "media"
"""The cache's name for a file's row."""

_registry = registry()


class MediaTable(SQLModel, registry=_registry):
    pass


class MediaFile(Entity, MediaTable, table=True):
    """One uploaded picture or film. Its bytes are in the object store; ``storage/keys.py`` names them."""

    __tablename__: ClassVar[Any] = "media_files"
    __table_args__ = (
        live_index("media_files_owner", "owner_id", "id DESC"),
        live_index("media_files_public", "id DESC", where="visibility = 'PUBLIC'"),
        live_index("media_files_pending", "id", where="status = 'DEGRADED'"),
        live_index("media_files_made", "pipeline", where="status = 'READY'"),
        Index("media_files_blob", "blob"),
        live_index(
            "media_files_timeline", "owner_id", "taken_at DESC", "id DESC", where="trashed_at IS NULL"
        ),
        live_index("media_files_duplicates", "owner_id", "sha256", where="trashed_at IS NULL"),
        live_index(
            "media_files_trash", "owner_id", "trashed_at DESC", "id DESC", where="trashed_at IS NOT NULL"
        ),
        live_index("media_files_trashed", "trashed_at", where="trashed_at IS NOT NULL"),
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
    frames: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    milliseconds: int | None = None
    """How long a film is; None of a picture. What else is here of pictures is of the still that stands for it."""
    blur_placeholder: str | None = None
    thumbhash: str | None = None
    blurhash: str | None = None
    dominant_color: int | None = None
    """``0xRRGGBB``."""
    palette: list[int] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(Integer), nullable=False, server_default=text("'{}'")),
    )
    """Likewise, the most frequent first."""
    variants: dict[str, dict[str, Any]] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    """By size, ``full`` among them: ``width height format bytes``. Empty while nothing could be made."""
    pipeline: int = Field(default=PIPELINE_VERSION, sa_column_kwargs={"server_default": text("3")})
    """The version of media_core's pipeline that made all of this."""
    blob: str | None = Field(default=None, foreign_key="media_blobs.prefix")
    """Where its bytes lie (``storage/keys.py``); None once they are let go."""
    trashed_at: datetime | None = Field(default=None, sa_type=timestamp)
    taken_at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=timestamp)
    """As its owner says; else as the camera noted, else when it was uploaded."""
    noted_at: datetime | None = Field(default=None, sa_type=timestamp)
    """When it was taken by the camera's clock: read before all else that the camera noted is dropped."""
    caption: str | None = None
    turn: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Quarters clockwise from how the upload has it: ``width``, ``height`` and ``variants`` are of it turned."""
    focus_x: int | None = None
    focus_y: int | None = None
    """What crops keep in sight, in thousandths of the sides of the picture as it is shown (``edits.py``)."""
    keep_copyright: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Whether its copyright and artist stay with all that is made of it; of a film nothing does."""
    tries: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How often its sizes could not be made for its own sake, since they were made last."""
    private_since: datetime | None = Field(default=None, sa_type=timestamp)
    """When it was last made private: what showed it before does so no longer."""

    @property
    def is_film(self) -> bool:
        return self.milliseconds is not None

    @property
    def place(self) -> str:
        """What the keys of its objects begin with; of a deleted row, where nothing is."""
        return self.blob or ""


# What is stored: written through `storage/blobs.py`, removed by `jobs/collector.py`; why that loses nothing is said there.


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


class UploadSession(Entity, MediaTable, table=True):
    """An upload in several steps. Its bytes are objects under ``uploads/`` until it has ended."""

    __tablename__: ClassVar[Any] = "upload_sessions"
    __table_args__ = (
        Index("upload_sessions_open", "owner_id", postgresql_where=text("status IN ('PENDING', 'RECEIVED')")),
        Index("upload_sessions_received", "id", postgresql_where=text("status = 'RECEIVED'")),
        Index("upload_sessions_uncleared", "expires_at", postgresql_where=text("cleared_at IS NULL")),
    )

    owner_id: UUID
    protocol: str
    """``TUS``, ``PUT`` or ``POST``."""
    status: str
    """``PENDING`` takes bytes, ``RECEIVED`` has them all; ``DONE``, ``FAILED``, ``ABORTED``, ``EXPIRED`` are for good."""
    bytes: int | None = Field(default=None, sa_type=BigInteger)
    """As declared; None while a client has not said it yet."""
    received: int = Field(default=0, sa_type=BigInteger)
    sha256: str | None = None
    """As declared."""
    content_type: str | None = None
    """As declared."""
    upload_metadata: str = ""
    """``Upload-Metadata`` as it was sent."""
    concat: str | None = None
    """``Upload-Concat``: ``partial``, or the parts of a final upload."""
    visibility: str
    alt_text: str | None = None
    keep_copyright: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    media_id: UUID | None = None
    error: str | None = None
    lease: UUID | None = None
    """Who finishes it just now, until ``leased_until``."""
    leased_until: datetime | None = Field(default=None, sa_type=timestamp)
    expires_at: datetime = Field(sa_type=timestamp)
    cleared_at: datetime | None = Field(default=None, sa_type=timestamp)
    """When its objects were removed, after its end."""


class UploadPart(MediaTable, table=True):
    """Bytes of a resumable upload from ``start`` on, as one object."""

    __tablename__: ClassVar[Any] = "upload_parts"

    session_id: UUID = Field(primary_key=True, foreign_key="upload_sessions.id", ondelete="CASCADE")
    start: int = Field(primary_key=True, sa_type=BigInteger)
    bytes: int = Field(sa_type=BigInteger)
    key: str


METADATA = _registry.metadata
TABLES = shared_tables(METADATA)
