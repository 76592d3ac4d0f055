"""Other domains' events on their way in: from their streams, as a group of Redis', to the handlers of one domain.

Each once, by the inbox that is written in the handler's transaction: a killed reader loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from opentelemetry.trace import SpanKind
from redis.exceptions import RedisError, ResponseError
from sqlalchemy.dialects.postgresql import insert as upsert

from subgraphs.kit.database.database import Database
from subgraphs.kit.database.transaction import TRACEPARENT, Event, Transaction
from subgraphs.kit.errors import KitError, Unavailable
from subgraphs.kit.events.spans import messaging
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import Tracer

__all__ = ["Consumer", "Handlers"]

_log = logging.getLogger(__name__)
_ATTEMPTS = 8
_ABANDONED = 30_000
"""Milliseconds after which an event that another worker took is taken over from it."""
_REJOIN = 60.0
"""Seconds after which such events are looked for again."""

Handlers: TypeAlias = Mapping[str, Callable[[Transaction, Event], Awaitable[None]]]
"""By event type; the handler writes in the transaction that also notes the event as handled."""


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
            ours.attributes = messaging("process", stream, {"id": event.id, "type": event.type}) | {
                "messaging.consumer.group.name": self._group
            }
            async with self._database.write() as tx:
                new = upsert(inbox).values(event_id=event.id, handled_at=tx.now).on_conflict_do_nothing()
                if (await tx.session.execute(new.returning(inbox.c.event_id))).first() is not None:
                    await handler(tx, event)
        self._counts.labels(self._group, "handled").inc()
