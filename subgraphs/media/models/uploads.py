"""Uploads in several steps, until they have ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from subgraphs.kit.database.models import Entity, timestamp
from subgraphs.media.models.base import MediaTable

__all__ = ["UploadPart", "UploadSession"]


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
