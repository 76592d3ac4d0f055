"""Conversations and messages, and what this domain adds to people and stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias
from uuid import UUID

import strawberry
from strawberry.federation.types import FieldSet

from subgraphs.kit.domain.context import Context
from subgraphs.kit.execution import together
from subgraphs.kit.graph.relay import Connection, Node, Page, id_of, to_global
from subgraphs.messaging import models
from subgraphs.messaging.loaders import Loaders
from subgraphs.messaging.policies import attachments_for, body_for
from subgraphs.messaging.repository import direct_key
from subgraphs.messaging.schema.stubs import MediaFile
from subgraphs.messaging.service import Services

__all__ = ["Conversation", "ConversationKind", "Info", "Message", "Store", "User"]

Info: TypeAlias = strawberry.Info[Context[Loaders, Services], None]


@strawberry.enum
class ConversationKind(Enum):
    DIRECT = "DIRECT"


async def _direct(others: Sequence[UUID | None], info: Info) -> list[Conversation | None]:
    """The viewer's conversation with each of the others, if they have one."""
    viewer, loaders = info.context.viewer.id, info.context.loaders
    if viewer is None:
        return [None] * len(others)
    keys = {other: direct_key(viewer, other) for other in others if other and other != viewer}
    found = zip(keys, await loaders.directs.load_many(list(keys.values())), strict=True)
    directs = {other: conversation for other, conversation in found if conversation}
    rows = {row.id: row for row in await loaders.visible_conversations(list(directs.values())) if row}
    return [
        Conversation.of(rows[directs[other]]) if other is not None and directs.get(other) in rows else None
        for other in others
    ]


async def _with_people(users: Sequence[User], info: Info) -> list[Conversation | None]:
    return await _direct([id_of("User", user.id) for user in users], info)


async def _with_owners(stores: Sequence[Store], info: Info) -> list[Conversation | None]:
    return await _direct([id_of("User", s.owner.id) if s.owner else None for s in stores], info)


async def _members(conversations: Sequence[Conversation], info: Info) -> list[list[ConversationMember]]:
    loaders = info.context.loaders
    found = await loaders.members.load_many([c.raw for c in conversations])
    users = list({m.user_id for members in found for m in members})
    people = dict(zip(users, await _people(users, info), strict=True))
    return [
        [ConversationMember(user=people[m.user_id], last_read_seq=m.last_read_seq) for m in members]
        for members in found
    ]


async def _unread(conversations: Sequence[Conversation], info: Info) -> list[int]:
    return await info.context.loaders.unread.load_many([c.raw for c in conversations])


async def _last_messages(conversations: Sequence[Conversation], info: Info) -> list[Message | None]:
    rows = await info.context.loaders.last_messages.load_many([c.raw for c in conversations])
    return [Message.of(row) if row else None for row in rows]


async def _people(users: Sequence[UUID], info: Info) -> list[User | None]:
    """References; one that the owner would refuse across a block is not given at all."""
    relations = await info.context.loaders.relations.load_many(users)
    return [
        None if relation.severed else User(id=to_global("User", user))
        for user, relation in zip(users, relations, strict=True)
    ]


@strawberry.federation.type(keys=["id"])
class User(Node):
    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> User:  # noqa: A002
        return cls(id=id)

    viewer_conversation: Conversation | None = strawberry.field(
        resolver=together(_with_people), description="The viewer's direct conversation with this person."
    )


@strawberry.federation.type(keys=["id"])
class Store(Node):
    owner: User | None = strawberry.federation.field(external=True, default=None)

    @classmethod
    def resolve_reference(cls, id: strawberry.ID, owner: Any = None) -> Store:  # noqa: A002
        return cls(id=id, owner=User(id=owner["id"]) if owner else None)

    viewer_conversation: Conversation | None = strawberry.federation.field(
        resolver=together(_with_owners),
        requires=[FieldSet("owner { id }")],
        description="The viewer's conversation with the store's owner.",
    )


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

    members: list[ConversationMember] = strawberry.field(resolver=together(_members))
    last_message: Message | None = strawberry.field(resolver=together(_last_messages))
    unread_count: int = strawberry.field(
        resolver=together(_unread), description="Messages the viewer has not marked as read."
    )

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


async def _bodies(messages: Sequence[Message], info: Info) -> list[str | None]:
    senders = await info.context.loaders.relations.load_many([m.row.sender_id for m in messages])
    return [body_for(message.row, sender) for message, sender in zip(messages, senders, strict=True)]


async def _attachments(messages: Sequence[Message], info: Info) -> list[list[MediaFile | None]]:
    senders = await info.context.loaders.relations.load_many([m.row.sender_id for m in messages])
    return [
        [MediaFile(id=to_global("MediaFile", one)) for one in attachments_for(message.row, sender)]
        for message, sender in zip(messages, senders, strict=True)
    ]


async def _senders(messages: Sequence[Message], info: Info) -> list[User | None]:
    return await _people([message.row.sender_id for message in messages], info)


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

    body: str | None = strawberry.field(
        resolver=together(_bodies), description="Null once deleted, and across a block."
    )

    attachments: list[MediaFile | None] = strawberry.field(
        resolver=together(_attachments),
        description="Pictures; none once deleted, and across a block. Of one that the viewer may not see there is no more "
        "than its id; so it is for a moment for who hears of the message at once.",
    )

    @strawberry.field(description="What the sender named it; the sender's alone.")
    def client_id(self, info: Info) -> str | None:
        return self.row.client_id if info.context.viewer.id == self.row.sender_id else None

    sender: User | None = strawberry.field(resolver=together(_senders))

    @strawberry.field
    async def conversation(self, info: Info) -> Conversation | None:
        return await Conversation.load(self.row.conversation_id, info)
