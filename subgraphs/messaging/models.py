"""The messaging domain's tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Column, Index, Uuid, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from subgraphs.kit.database.models import Entity, live_index, shared_tables, timestamp

__all__ = [
    "CONVERSATION",
    "DIRECT",
    "LAST_MESSAGE",
    "MESSAGE",
    "METADATA",
    "PARTICIPANTS",
    "TABLES",
    "UNREAD",
    "Conversation",
    "Member",
    "Message",
]

CONVERSATION, MESSAGE = "conversation", "message"
"""The cache's names for the rows."""
DIRECT, PARTICIPANTS, LAST_MESSAGE = "direct", "participants", "last_message"
"""Its names for the conversation that a pair's key has, for who is in one, and for what was said last."""
UNREAD = "unread"
"""Its name for how many messages of a conversation one of its members has yet to read."""

_registry = registry()


class _Model(SQLModel, registry=_registry):
    pass


class Conversation(Entity, _Model, table=True):
    """``last_seq`` gives each message its number: whoever writes one locks this row."""

    __tablename__: ClassVar[Any] = "conversations"
    __table_args__ = (live_index("conversations_direct", "direct_key", unique=True),)

    kind: str = "DIRECT"
    direct_key: str | None = None
    """Both members' ids in order: one direct conversation a pair."""
    last_seq: int = Field(default=0, sa_type=BigInteger)


class Member(_Model, table=True):
    """A user in a conversation. ``activity_at`` is the conversation's, here for the list's index."""

    __tablename__: ClassVar[Any] = "conversation_members"
    __table_args__ = (Index("conversation_members_list", "user_id", "activity_at", "conversation_id"),)

    conversation_id: UUID = Field(foreign_key="conversations.id", primary_key=True)
    user_id: UUID = Field(primary_key=True)
    last_read_seq: int = Field(default=0, sa_type=BigInteger)
    activity_at: datetime = Field(sa_type=timestamp)


class Message(Entity, _Model, table=True):
    """Deleting one erases its body and attachments, and leaves its number."""

    __tablename__: ClassVar[Any] = "messages"
    __table_args__ = (
        Index("messages_seq", "conversation_id", "seq", unique=True),
        Index("messages_client_id", "sender_id", "client_id", unique=True),
    )

    conversation_id: UUID = Field(foreign_key="conversations.id")
    seq: int = Field(sa_type=BigInteger)
    sender_id: UUID
    client_id: str | None = None
    body: str | None = None
    attachment_ids: list[UUID] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    )
    """Pictures, in the sender's order."""


METADATA = _registry.metadata
TABLES = shared_tables(METADATA)
