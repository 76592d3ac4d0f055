"""What a CDN has to forget."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import String
from sqlmodel import Field

from subgraphs.kit.database.models import timestamp
from subgraphs.media.models.base import MediaTable

__all__ = ["Purge"]


class Purge(MediaTable, table=True):
    """Something a CDN has to forget; gone when it has said that it did."""

    __tablename__: ClassVar[Any] = "cdn_purges"
    __table_args__ = (Index("cdn_purges_due", "due_at"),)

    id: UUID = Field(primary_key=True)
    surrogate_keys: list[str] = Field(sa_column=Column(ARRAY(String), nullable=False))
    requested_at: datetime = Field(sa_type=timestamp)
    due_at: datetime = Field(sa_type=timestamp)
    attempts: int = 0
