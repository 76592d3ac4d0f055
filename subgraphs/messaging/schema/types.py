"""Conversations and messages, and what this domain adds to people and stores."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias
from uuid import UUID

import strawberry
from strawberry.federation.types import FieldSet

from subgraphs.kit.context import Context
from subgraphs.kit.relay import Connection, Node, Page, id_of, to_global
from subgraphs.messaging import models
from subgraphs.messaging.loaders import Loaders
from subgraphs.messaging.policies import body_for
from subgraphs.messaging.repository import direct_key
from subgraphs.messaging.service import Services

__all__ = ["Conversation", "ConversationKind", "Info", "Message", "Store", "User"]

Info: TypeAlias = strawberry.Info[Context[Loaders, Services], None]


@strawberry.enum
class ConversationKind(Enum):
    DIRECT = "DIRECT"


async def _direct(other: UUID | None, info: Info) -> Conversation | None:
    """The viewer's conversation with one other, if they have one."""
    viewer = info.context.viewer.id
    if viewer is None or other is None or other == viewer:
        return None
    return await Conversation.load(await info.context.loaders.directs.load(direct_key(viewer, other)), info)


async def _person(user: UUID, info: Info) -> User | None:
    """A reference that the owner would refuse across a block is not given at all."""
    relation = await info.context.loaders.relations.load(user)
    return None if relation.severed else User(id=to_global("User", user))


@strawberry.federation.type(keys=["id"])
class User(Node):
    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> User:  # noqa: A002
        return cls(id=id)

    @strawberry.field(description="The viewer's direct conversation with this person.")
    async def viewer_conversation(self, info: Info) -> Conversation | None:
        return await _direct(id_of("User", self.id), info)


@strawberry.federation.type(keys=["id"])
class Store(Node):
    owner: User | None = strawberry.federation.field(external=True, default=None)

    @classmethod
    def resolve_reference(cls, id: strawberry.ID, owner: Any = None) -> Store:  # noqa: A002
        return cls(id=id, owner=User(id=owner["id"]) if owner else None)

    @strawberry.federation.field(
        requires=[FieldSet("owner { id }")], description="The viewer's conversation with the store's owner."
    )
    async def viewer_conversation(self, info: Info) -> Conversation | None:
        return await _direct(id_of("User", self.owner.id) if self.owner else None, info)


@strawberry.type
class ConversationMember:
    user: User | None
    last_read_seq: int


@strawberry.federation.type(keys=["id"], description="Seen by its members alone.")
class Conversation(Node):
    raw: strawberry.Private[UUID]
    kind: ConversationKind
    last_seq: int = strawberry.field(description="The number of its newest message; 0 before the first.")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: models.Conversation) -> Conversation:
        """From a row that the policy has let through."""
        return cls(
            id=to_global("Conversation", row.id),
            raw=row.id,
            kind=ConversationKind(row.kind),
            last_seq=row.last_seq,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    async def load(cls, raw: UUID | None, info: Info) -> Conversation | None:
        """The conversation, or None where there is none that the viewer is in."""
        row = await info.context.loaders.visible_conversation(raw)
        return cls.of(row) if row else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Conversation | None:  # noqa: A002
        return await cls.load(id_of("Conversation", id), info)

    @strawberry.field
    async def members(self, info: Info) -> list[ConversationMember]:
        members = await info.context.loaders.members.load(self.raw)
        return [
            ConversationMember(user=await _person(m.user_id, info), last_read_seq=m.last_read_seq)
            for m in members
        ]

    @strawberry.field
    async def last_message(self, info: Info) -> Message | None:
        row = await info.context.loaders.last_messages.load(self.raw)
        return Message.of(row) if row else None

    @strawberry.field(description="Messages the viewer has not marked as read.")
    async def unread_count(self, info: Info) -> int:
        return await info.context.loaders.unread.load(self.raw)

    @strawberry.field(description="In the order they were sent; `last` and `before` page backwards.")
    async def messages(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Message]:
        request = info.context.page(
            f"messages:{self.raw.hex}", first=first, after=after, last=last, before=before
        )
        page = Page.cut(request, await info.context.loaders.pages.load((self.raw, request)))
        return page.connection(request, lambda row: (row.seq,), Message.of)


@strawberry.federation.type(keys=["id"])
class Message(Node):
    row: strawberry.Private[models.Message]
    seq: int = strawberry.field(description="1, 2, 3 … within the conversation, without gaps.")
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None

    @classmethod
    def of(cls, row: models.Message) -> Message:
        """From a row of a conversation that the viewer is in."""
        return cls(
            id=to_global("Message", row.id),
            row=row,
            seq=row.seq,
            created_at=row.created_at,
            edited_at=None,
            deleted_at=row.deleted_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Message | None:  # noqa: A002
        row = await info.context.loaders.visible_message(id_of("Message", id))
        return cls.of(row) if row else None

    @strawberry.field(description="Null once deleted, and across a block.")
    async def body(self, info: Info) -> str | None:
        return body_for(self.row, await info.context.loaders.relations.load(self.row.sender_id))

    @strawberry.field(description="What the sender named it; the sender's alone.")
    def client_id(self, info: Info) -> str | None:
        return self.row.client_id if info.context.viewer.id == self.row.sender_id else None

    @strawberry.field
    async def sender(self, info: Info) -> User | None:
        return await _person(self.row.sender_id, info)

    @strawberry.field
    async def conversation(self, info: Info) -> Conversation | None:
        return await Conversation.load(self.row.conversation_id, info)
