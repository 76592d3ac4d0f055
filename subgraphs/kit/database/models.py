"""Columns every entity has, and the tables every domain's database has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    MetaData,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from subgraphs.kit.clock import uuid7

__all__ = ["Entity", "SharedTables", "live_index", "shared_tables", "timestamp"]

timestamp: Any = DateTime(timezone=True)
"""The type of every moment: ``sa_type=timestamp``."""


def _now() -> datetime:
    return datetime.now(UTC)


class Entity(SQLModel):
    """An entity's row. ``version`` goes up with every write; ``deleted_at`` hides it from every read."""

    __tablename__: ClassVar[Any]

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    created_at: datetime = Field(default_factory=_now, sa_type=timestamp)
    updated_at: datetime = Field(default_factory=_now, sa_type=timestamp)
    deleted_at: datetime | None = Field(default=None, sa_type=timestamp)
    version: int = Field(default=1, sa_type=BigInteger)


def live_index(name: str, *columns: str, unique: bool = False, where: str | None = None) -> Index:
    """An index over the rows that are not deleted; columns may be expressions (``lower(handle)``).

    Uniqueness must be partial: in ``UNIQUE(…, deleted_at)`` no two NULLs are equal, so nothing is unique.
    """
    condition = "deleted_at IS NULL" + (f" AND {where}" if where else "")
    return Index(name, *(text(c) for c in columns), unique=unique, postgresql_where=text(condition))


class SharedTables:
    """The tables that stand in each domain's database beside its own."""

    def __init__(self, metadata: MetaData) -> None:
        self.outbox = Table(
            "outbox",
            metadata,
            Column("id", BigInteger, Identity(), primary_key=True),
            Column("event_id", Uuid, nullable=False, unique=True),
            Column("type", String, nullable=False),
            Column("aggregate", String, nullable=False),
            Column("payload", JSONB, nullable=False),
            Column("created_at", timestamp, nullable=False),
            Column("sent_at", timestamp),
            Index("outbox_unsent", "id", postgresql_where=text("sent_at IS NULL")),
        )
        self.inbox = Table(
            "inbox",
            metadata,
            Column("event_id", Uuid, primary_key=True),
            Column("handled_at", timestamp, nullable=False),
        )
        self.idempotency_keys = Table(
            "idempotency_keys",
            metadata,
            Column("viewer", Uuid, primary_key=True),
            Column("operation", String, primary_key=True),
            Column("key", String, primary_key=True),
            Column("fingerprint", String, nullable=False),
            Column("result", String),
            Column("expires_at", timestamp, nullable=False, index=True),
        )
        self.audit = Table(
            "audit",
            metadata,
            Column("id", BigInteger, Identity(), primary_key=True),
            Column("at", timestamp, nullable=False),
            Column("actor", Uuid),
            Column("action", String, nullable=False),
            Column("subject_type", String, nullable=False),
            Column("subject_id", String, nullable=False),
            Column("detail", JSONB, nullable=False),
            Index("audit_subject", "subject_type", "subject_id", text("id DESC")),
            Index("audit_actor", "actor", text("id DESC")),
        )
        self.relation_edges = Table(
            "relation_edges",
            metadata,
            Column("user_id", Uuid, primary_key=True),
            Column("other_id", Uuid, primary_key=True),
            Column("kind", String, primary_key=True),
            Column("since", timestamp, nullable=False),
            Index("relation_edges_reverse", "other_id", "kind"),
        )


def shared_tables(metadata: MetaData) -> SharedTables:
    """The shared tables in a domain's metadata: call once, in its ``models.py``."""
    return SharedTables(metadata)
