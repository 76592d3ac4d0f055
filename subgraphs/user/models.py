"""The user domain's tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from subgraphs.kit.database.models import Entity, live_index, shared_tables, timestamp

__all__ = [
    "COUNTS",
    "HANDLE",
    "METADATA",
    "TABLES",
    "USER",
    "Credential",
    "RefreshToken",
    "Report",
    "Session",
    "User",
]

USER = "user"
"""The cache's name for an account's row."""
HANDLE, COUNTS = "handle", "follow_counts"
"""Its names for whose a handle is, in lower case, and for how many follow and are followed."""

_registry = registry()


class _Model(SQLModel, registry=_registry):
    pass


class User(Entity, _Model, table=True):
    """An account. The password's hash never leaves this domain, nor any cache."""

    __tablename__: ClassVar[Any] = "users"
    __table_args__ = (
        live_index("users_handle", "lower(handle)", unique=True),
        live_index("users_email", "lower(email)", unique=True),
        live_index("users_display_name", "lower(display_name) text_pattern_ops"),
        live_index("users_handle_prefix", "lower(handle) text_pattern_ops"),
    )

    handle: str
    email: str
    display_name: str
    bio: str | None = None
    avatar_id: UUID | None = None
    role: str = "MEMBER"


class Credential(_Model, table=True):
    """How an account signs in; a table of its own, so that no loader ever reads it."""

    __tablename__: ClassVar[Any] = "credentials"

    user_id: UUID = Field(foreign_key="users.id", primary_key=True)
    password_hash: str = Field(repr=False)


class Session(Entity, _Model, table=True):
    """One sign-in: the family of refresh tokens that descend from it."""

    __tablename__: ClassVar[Any] = "sessions"
    __table_args__ = (
        live_index("sessions_user", "user_id", "last_seen_at DESC", where="revoked_at IS NULL"),
    )

    user_id: UUID = Field(foreign_key="users.id")
    revoked_at: datetime | None = Field(default=None, sa_type=timestamp)
    last_seen_at: datetime = Field(sa_type=timestamp)


class RefreshToken(_Model, table=True):
    """A refresh token's hash; once used it must never be seen again."""

    __tablename__: ClassVar[Any] = "refresh_tokens"
    __table_args__ = (Index("refresh_tokens_session", "session_id"),)

    token_hash: bytes = Field(primary_key=True)
    session_id: UUID = Field(foreign_key="sessions.id")
    expires_at: datetime = Field(sa_type=timestamp)
    used_at: datetime | None = Field(default=None, sa_type=timestamp)


class Report(Entity, _Model, table=True):
    """One user's report of anything with a global ID."""

    __tablename__: ClassVar[Any] = "reports"
    __table_args__ = (
        live_index("reports_subject", "reporter_id", "subject_type", "subject_id", unique=True),
    )

    reporter_id: UUID = Field(foreign_key="users.id")
    subject_type: str
    subject_id: UUID
    reason: str


METADATA = _registry.metadata
TABLES = shared_tables(METADATA)
