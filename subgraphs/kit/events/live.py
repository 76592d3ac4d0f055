"""Live messages to subscriptions: Redis pub/sub, one connection a process and domain.

Delivery is at most once; what must not be lost is read again by its sequence (messages by ``seq``).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from redis.exceptions import RedisError

from subgraphs.kit.database.transaction import LiveMessage
from subgraphs.kit.errors import Unavailable
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.tasks import end_tasks
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["Live"]

_log = logging.getLogger(__name__)
_QUEUE = 256
"""Messages a slow subscriber may fall behind before it loses the oldest."""


class Live:
    """Topics of one domain."""

    def __init__(self, service: str, link: RedisLink, metrics: Metrics) -> None:
        self._dropped = metrics.messages_dropped.labels(service)
        self._prefix = f"live:{service}:"
        self._link = link
        self._pubsub = link.blocking.pubsub(ignore_subscribe_messages=True)
        self._queues: dict[str, set[asyncio.Queue[Any]]] = {}
        self._changed = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None

    async def publish(self, messages: Sequence[LiveMessage]) -> None:
        """Tell everyone who listens now. Redis away: nobody hears it, and no error."""
        for message in messages:
            payload = msgspec.json.encode(message.payload)
            with contextlib.suppress(Unavailable):
                await self._link.call(self._link.client.publish(self._prefix + message.topic, payload))

    async def listen(self, topics: Iterable[str]) -> AsyncIterator[dict[str, Any]]:
        """Each message on any of the topics, from the moment the first one is awaited."""
        async with self.joined(topics) as queue:
            while True:
                yield await queue.get()

    @asynccontextmanager
    async def joined(self, topics: Iterable[str]) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
        """A queue of the messages from now on: for who first reads what was before. Raises Unavailable."""
        names = [self._prefix + t for t in topics]
        queue: asyncio.Queue[Any] = asyncio.Queue(_QUEUE)
        await self._join(names, queue)
        try:
            yield queue
        finally:
            await self._leave(names, queue)

    async def close(self) -> None:
        """End the reader; iterators end with their subscriptions."""
        if self._reader:
            await end_tasks([self._reader])
        with contextlib.suppress(RedisError, OSError):
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]

    async def _join(self, names: Sequence[str], queue: asyncio.Queue[Any]) -> None:
        async with self._changed:
            new = [n for n in names if n not in self._queues]
            for name in names:
                self._queues.setdefault(name, set()).add(queue)
            if new:
                try:
                    await self._pubsub.subscribe(*new)
                except (RedisError, OSError) as error:
                    self._forget(names, queue)
                    raise Unavailable("cache") from error
            if self._reader is None:
                self._reader = asyncio.create_task(self._read(), name="live")

    async def _leave(self, names: Sequence[str], queue: asyncio.Queue[Any]) -> None:
        async with self._changed:
            gone = self._forget(names, queue)
            if gone:
                with contextlib.suppress(RedisError, OSError):
                    await self._pubsub.unsubscribe(*gone)

    def _forget(self, names: Sequence[str], queue: asyncio.Queue[Any]) -> list[str]:
        gone = []
        for name in names:
            listeners = self._queues.get(name, set())
            listeners.discard(queue)
            if not listeners and self._queues.pop(name, None) is not None:
                gone.append(name)
        return gone

    async def _read(self) -> None:
        """Hand messages out; after a lost connection, subscribe again (redis-py does, on reconnecting)."""
        while True:
            try:
                message = await self._pubsub.get_message(timeout=None)
            except (RedisError, OSError):
                _log.warning("the live connection to Redis was lost; trying again")
                await asyncio.sleep(1.0)
                continue
            except RuntimeError:  # nothing is subscribed just now
                await asyncio.sleep(0.05)
                continue
            if message is not None:
                self._hand_out(message["channel"].decode(), msgspec.json.decode(message["data"]))

    def _hand_out(self, channel: str, payload: Any) -> None:
        for queue in self._queues.get(channel, ()):
            if queue.full():
                queue.get_nowait()
                self._dropped.inc()
            queue.put_nowait(payload)
