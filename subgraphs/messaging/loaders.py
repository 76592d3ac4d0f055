"""What one request loads of conversations, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.database.reads import row_type
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.loading.loaders import BatchLoader, RowLoader
from subgraphs.messaging.models import (
    CONVERSATION,
    DIRECT,
    LAST_MESSAGE,
    MESSAGE,
    PARTICIPANTS,
    UNREAD,
    Conversation,
    Member,
    Message,
)
from subgraphs.messaging.policies import may_see_conversation
from subgraphs.messaging.repository import MessagingRepository, unread_key

__all__ = ["Loaders", "Sources"]


@dataclass(frozen=True, slots=True)
class Sources:
    """What loaders read from, made once a process."""

    resources: Resources
    repository: MessagingRepository
    conversations: RowCache[Conversation]
    messages: RowCache[Message]
    directs: Lookup[str, UUID]
    participants: Lookup[UUID, list[UUID]]
    last_messages: Lookup[UUID, Message]
    unread: Lookup[str, int]

    @classmethod
    def of(cls, resources: Resources, repository: MessagingRepository) -> Sources:
        return cls(
            resources,
            repository,
            conversations=resources.rows(CONVERSATION, Conversation, repository.conversations),
            messages=resources.rows(MESSAGE, Message, repository.messages),
            directs=resources.lookup(DIRECT, UUID, repository.directs),
            participants=resources.lookup(PARTICIPANTS, list[UUID], repository.participants),
            last_messages=resources.lookup(LAST_MESSAGE, row_type(Message), repository.last_messages),
            unread=resources.lookup(UNREAD, int, repository.unread_by_key),
        )


class Loaders:
    """One request's loaders."""

    def __init__(self, sources: Sources, viewer: Viewer) -> None:
        resources, repository = sources.resources, sources.repository
        service, metrics = resources.service, resources.metrics
        self._viewer = viewer
        self._conversations = RowLoader(service, sources.conversations, metrics)
        self._messages = RowLoader(service, sources.messages, metrics)
        self.relations = resources.relation_loader(viewer)
        self._participants: BatchLoader[UUID, list[UUID]] = BatchLoader(
            service, PARTICIPANTS, sources.participants.load, [], metrics
        )
        self.members: BatchLoader[UUID, list[Member]] = BatchLoader(
            service, "members", repository.members, [], metrics
        )
        self.directs: BatchLoader[str, UUID | None] = BatchLoader(
            service, DIRECT, sources.directs.load, None, metrics
        )
        self.last_messages: BatchLoader[UUID, Message | None] = BatchLoader(
            service, LAST_MESSAGE, sources.last_messages.load, None, metrics
        )
        self.pages: BatchLoader[tuple[UUID, PageRequest], list[Message]] = BatchLoader(
            service, "messages_page", repository.pages, [], metrics
        )

        async def unread(ids: Sequence[UUID]) -> dict[UUID, int]:
            if viewer.id is None:
                return {}
            keys = {unread_key(viewer.id, one): one for one in ids}
            return {keys[key]: count for key, count in (await sources.unread.load(list(keys))).items()}

        self.unread: BatchLoader[UUID, int] = BatchLoader(service, UNREAD, unread, 0, metrics)

    async def visible_conversation(self, conversation: UUID | None) -> Conversation | None:
        """The conversation, where the viewer is in it."""
        if conversation is None:
            return None
        return (await self.visible_conversations([conversation]))[0]

    async def visible_conversations(self, ids: Sequence[UUID]) -> list[Conversation | None]:
        """As ``visible_conversation``, for several at once."""
        if self._viewer.id is None:
            return [None] * len(ids)
        self._participants.expect(ids)
        rows, participants = await self._conversations.load_many(ids), await self._participants.load_many(ids)
        return [
            row if may_see_conversation(row, members, self._viewer) else None
            for row, members in zip(rows, participants, strict=True)
        ]

    async def visible_message(self, message: UUID | None) -> Message | None:
        """The message, where the viewer is in its conversation."""
        row = await self._messages.load(message) if message and self._viewer.id else None
        return row if row and await self.visible_conversation(row.conversation_id) else None
