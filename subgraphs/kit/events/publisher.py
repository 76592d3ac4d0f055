"""A domain's events on their way out: from the outbox, which their writer's transaction filled, to the domain's stream in Redis.

In order per aggregate, at least once: a killed publisher loses nothing. The same outbox repeats the cache's tombstones
and notices.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import UTC, datetime
from typing import Any

import msgspec
from opentelemetry.trace import SpanKind
from sqlalchemy import func, select, update

from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.cache.trust import LOOK_SECONDS, Trust
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.transaction import NOTICE, TOMBSTONE, TRACEPARENT, Notice, Tombstone
from subgraphs.kit.errors import Unavailable
from subgraphs.kit.events.spans import messaging
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import Tracer, traceparent

__all__ = ["Publisher"]

_log = logging.getLogger(__name__)
_BATCH = 200
_STREAM_LENGTH = 200_000


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
            sending.attributes = messaging("send", self._stream, event)
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
