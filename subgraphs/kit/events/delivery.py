"""Events between domains: an outbox in the writer's transaction, a Redis stream, an inbox at each reader.

At least once, in order per aggregate, deduplicated by the inbox; a killed publisher or reader loses
nothing. The same outbox repeats the cache's tombstones and notices.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from opentelemetry.trace import SpanKind
from redis.exceptions import RedisError, ResponseError
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.cache.trust import LOOK_SECONDS, Trust
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.transaction import (
    NOTICE,
    TOMBSTONE,
    TRACEPARENT,
    Event,
    Notice,
    Tombstone,
    Transaction,
)
from subgraphs.kit.errors import KitError, Unavailable
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import Tracer, traceparent

__all__ = ["Consumer", "Handlers", "Publisher"]

_log = logging.getLogger(__name__)
_BATCH = 200
_STREAM_LENGTH = 200_000
_ATTEMPTS = 8
_ABANDONED = 30_000
"""Milliseconds after which an event that another worker took is taken over from it."""
_REJOIN = 60.0
"""Seconds after which such events are looked for again."""

Handlers: TypeAlias = Mapping[str, Callable[[Transaction, Event], Awaitable[None]]]
"""By event type; the handler writes in the transaction that also notes the event as handled."""


class Publisher:
    """Moves one domain's outbox to its stream. One process at a time does it (an advisory lock)."""

    def __init__(
        self,
        database: Database,
        link: RedisLink,
        cache: Cache,
        trust: Trust,
        metrics: Metrics,
        tracer: Tracer,
    ) -> None:
        self._tracer = tracer
        self._database = database
        self._link = link
        self._cache = cache
        self._trust = trust
        self._stream = f"events:{database.service}"
        self._pending = metrics.outbox_pending.labels(database.service)
        self._oldest: datetime | None = None
        self._nudged = asyncio.Event()
        self._nudged.set()  # until the first look nothing of Redis is believed

    def age(self) -> float:
        """Seconds that the oldest event has waited which is known to wait; 0 where none does."""
        oldest = self._oldest
        return 0.0 if oldest is None else max(0.0, (datetime.now(UTC) - oldest).total_seconds())

    def nudge(self) -> None:
        """Told after each commit that there may be something to publish."""
        self._nudged.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        pause = LOOK_SECONDS
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), pause)
            self._nudged.clear()
            try:
                while await self.publish_batch() == _BATCH:
                    pass
                pause = LOOK_SECONDS
            except Unavailable:
                pause = min(pause * 1.5, 5.0)
            except Exception:
                _log.exception("publishing the events of %s failed; trying again", self._database.service)

    async def publish_batch(self) -> int:
        """Publish up to a batch, oldest first; how many there were. Raises Unavailable."""
        failures = self._cache.failures
        look = await self._trust.look()  # a twentieth of a transaction and a lock
        if not look.waiting:
            self._oldest = None  # another process sent what this one could not
        sent = await self._publish() if look.waiting else 0
        if sent is None:
            return 0
        self._pending.set(0 if sent < _BATCH else _BATCH)
        if sent < _BATCH:
            self._cache.caught_up(failures)
            if look.missing:  # since then somebody may have answered because nobody believed Redis
                await self._trust.look()
        return sent

    async def _publish(self) -> int | None:
        """How many were sent; None where another process is at it."""
        table = self._database.tables.outbox
        lock = select(func.pg_try_advisory_xact_lock(func.hashtext("outbox")))
        async with self._database.write() as tx:
            if not (await tx.session.execute(lock)).scalar():
                return None
            statement = select(table).where(table.c.sent_at.is_(None)).order_by(table.c.id).limit(_BATCH)
            rows = (await tx.session.execute(statement)).all()
            self._oldest = rows[0].created_at if rows else None
            for row in rows:
                await self._send(row)
            if rows:
                sent = table.c.id.in_([row.id for row in rows])
                await tx.session.execute(update(table).where(sent).values(sent_at=tx.now))
        self._oldest = None
        return len(rows)

    async def _send(self, row: Any) -> None:
        if row.type in (TOMBSTONE, NOTICE):
            tombstones = [Tombstone(**row.payload)] if row.type == TOMBSTONE else []
            notices = [Notice(**row.payload, version=row.id)] if row.type == NOTICE else []
            if not await self._cache.bury(tombstones, notices, repeated=True):
                raise Unavailable("cache")
            return
        event = {"id": row.event_id, "type": row.type, "aggregate": row.aggregate, "payload": row.payload}
        parent = row.payload.pop(TRACEPARENT, None)
        with self._tracer.part(f"send {self._stream}", parent, kind=SpanKind.PRODUCER) as sending:
            sending.attributes = _messaging("send", self._stream, event)
            if parent is not None:
                event[TRACEPARENT] = traceparent() or parent
            await self._link.call(
                self._link.client.xadd(
                    self._stream,
                    {"event": msgspec.json.encode(event)},
                    maxlen=_STREAM_LENGTH,
                    approximate=True,
                )
            )


class Consumer:
    """Reads other domains' streams for one domain, each event once."""

    def __init__(
        self,
        database: Database,
        link: RedisLink,
        handlers: Handlers,
        worker: str,
        tracer: Tracer,
        metrics: Metrics,
    ) -> None:
        self._counts = metrics.events_handled
        self._tracer = tracer
        self._database = database
        self._link = link
        self._handlers = handlers
        self._group = database.service
        self._worker = worker
        self._streams = sorted({f"events:{t.partition('.')[0]}" for t in handlers})
        self._failures: dict[bytes, int] = {}

    async def run(self) -> None:
        """Consume until cancelled; what an earlier worker left unfinished comes first."""
        if not self._streams:
            return
        position = "0"
        clock = asyncio.get_running_loop().time
        joined = clock()
        while True:
            try:
                if position == ">" and clock() - joined > _REJOIN:
                    position = "0"
                if position == "0":
                    await self._join()
                    joined = clock()
                position = await self._read(position)
            except (Unavailable, RedisError, OSError):
                position = "0"
                await asyncio.sleep(1.0)
            except Exception:
                _log.exception("reading events for %s failed; trying again", self._group)
                position = "0"
                await asyncio.sleep(1.0)

    async def _join(self) -> None:
        for stream in self._streams:
            with contextlib.suppress(ResponseError):  # BUSYGROUP: it is there
                await self._link.blocking.xgroup_create(stream, self._group, id="0", mkstream=True)
            await self._link.blocking.xautoclaim(
                stream, self._group, self._worker, _ABANDONED, "0", count=1000
            )

    async def _read(self, position: str) -> str:
        answer: Any = await self._link.blocking.xreadgroup(
            self._group,
            self._worker,
            dict.fromkeys(self._streams, position),
            count=100,
            block=None if position == "0" else 5000,
        )
        streams = answer.items() if isinstance(answer, dict) else (answer or ())
        seen = 0
        for stream, entries in streams:
            for batch in entries if isinstance(answer, dict) else [entries]:
                for key, fields in batch:
                    seen += 1
                    await self._consume(stream, key, fields)
        return ">" if position == ">" or seen == 0 else "0"

    async def _consume(self, stream: Any, key: bytes, fields: dict[bytes, bytes] | None) -> None:
        if fields:
            raw = msgspec.json.decode(fields[b"event"])
            event = Event(
                UUID(raw["id"]), raw["type"], raw["aggregate"], raw["payload"], raw.get(TRACEPARENT)
            )
            try:
                await self.handle(event)
            except KitError:
                raise  # a server is away: the event waits
            except Exception:
                if not await self._give_up(key, raw):
                    raise
        await self._link.blocking.xack(stream, self._group, key)

    async def _give_up(self, key: bytes, raw: Any) -> bool:
        """After several failures set the event aside, so that those behind it are not held up."""
        self._failures[key] = self._failures.get(key, 0) + 1
        if self._failures[key] < _ATTEMPTS:
            return False
        del self._failures[key]
        self._counts.labels(self._group, "set_aside").inc()
        _log.exception("event %s (%s) was set aside in dead:%s", raw["id"], raw["type"], self._group)
        await self._link.blocking.xadd(f"dead:{self._group}", {"event": msgspec.json.encode(raw)})
        return True

    async def handle(self, event: Event) -> None:
        """Apply one event, unless the inbox has it."""
        handler = self._handlers.get(event.type)
        if handler is None:
            return
        inbox = self._database.tables.inbox
        stream = f"events:{event.type.partition('.')[0]}"
        with self._tracer.part(f"process {stream}", event.traceparent, kind=SpanKind.CONSUMER) as ours:
            ours.attributes = _messaging("process", stream, {"id": event.id, "type": event.type}) | {
                "messaging.consumer.group.name": self._group
            }
            async with self._database.write() as tx:
                new = upsert(inbox).values(event_id=event.id, handled_at=tx.now).on_conflict_do_nothing()
                if (await tx.session.execute(new.returning(inbox.c.event_id))).first() is not None:
                    await handler(tx, event)
        self._counts.labels(self._group, "handled").inc()


def _messaging(operation: str, stream: str, event: Mapping[str, Any]) -> dict[str, str]:
    """A span's attributes (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/)."""
    return {
        "messaging.system": "redis",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": stream,
        "messaging.message.id": str(event["id"]),
        "event.type": event["type"],
    }
