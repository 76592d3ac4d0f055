"""Messages as they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import strawberry

from subgraphs.kit.errors import BadInput
from subgraphs.kit.graph.relay import id_of
from subgraphs.messaging.events import conversation_topic
from subgraphs.messaging.schema.types import Info, Message

__all__ = ["Subscription"]

_BATCH = 200
_LOOK_AGAIN = 10.0
"""Live messages may be lost; the numbers cannot. So the table is read again after this many seconds."""


@strawberry.type
class Subscription:
    @strawberry.subscription(
        description=(
            "Each message of a conversation, in order: first those after `sinceSeq`, then new ones, none "
            "twice and none left out. A deleted one comes again, without its body."
        )
    )
    async def message_events(
        self,
        info: Info,
        conversation_id: strawberry.ID,
        since_seq: int | None = None,
    ) -> AsyncIterator[Message | None]:
        info.context.viewer.require()
        raw = id_of("Conversation", conversation_id)
        found = await info.context.loaders.visible_conversation(raw)
        if found is None or raw is None:
            raise BadInput("There is no such conversation.")
        seq = since_seq if since_seq is not None else found.last_seq
        async with info.context.resources.live.joined([conversation_topic(raw)]) as news:
            while True:
                async for message in _after(info, raw, seq):
                    seq = message.seq
                    yield message
                told = await _next(news)
                info.context.forget()
                if await info.context.loaders.visible_conversation(raw) is None:
                    return
                if told and "deleted" in told:
                    row = await info.context.loaders.visible_message(UUID(str(told["deleted"])))
                    if row and row.seq <= seq:
                        yield Message.of(row)


async def _after(info: Info, conversation: UUID, seq: int) -> AsyncIterator[Message]:
    while True:
        rows = await info.context.services.repository.since(conversation, seq, _BATCH)
        for row in rows:
            yield Message.of(row)
        if len(rows) < _BATCH:
            return
        seq = rows[-1].seq


async def _next(news: asyncio.Queue[dict[str, object]]) -> dict[str, object] | None:
    try:
        async with asyncio.timeout(_LOOK_AGAIN):
            return await news.get()
    except TimeoutError:
        return None
