"""Pictures and films."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from media_core import PIPELINE_VERSION
from subgraphs.kit.database.models import Entity, live_index, timestamp
from subgraphs.media.models.base import MediaTable

__all__ = ["MEDIA", "MediaFile"]

MEDIA = "media"
"""The cache's name for a file's row."""


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
