"""One write: the rows, and with them the events, tombstones, notices and live messages that follow from it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.kit.clock import Clock, uuid7
from subgraphs.kit.database.models import Entity, SharedTables
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.kit.telemetry.tracing import traceparent

__all__ = [
    "NOTICE",
    "TOMBSTONE",
    "TRACEPARENT",
    "AfterCommit",
    "Event",
    "LiveMessage",
    "Notice",
    "Tombstone",
    "Transaction",
    "key_text",
]

TOMBSTONE = "cache.tombstone"
"""The outbox's own kind of event: repeat a tombstone that the writer stored, or could not store."""
NOTICE = "cache.notice"
"""The same of a notice."""
TRACEPARENT = "traceparent"
"""Beside an event's payload while it lies in the outbox; the envelope's own when it is sent."""

_Row = TypeVar("_Row", bound=Entity)

_REPLAY_DAYS = 2
_LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, told to other domains at least once."""

    id: UUID
    type: str
    """``domain.what_happened``."""
    aggregate: str
    """Events of one aggregate arrive in order."""
    payload: Mapping[str, Any]
    traceparent: str | None = None
    """Where the trace goes on that this event is of."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """From now on no cached row of this entity below ``version`` may be served."""

    entity: str
    id: str
    version: int
    ordered: bool = True
    """False: ``version`` is a stamp, drawn at random, and nothing with another stamp may be served."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What all domains are to see on their next read, though their copies have it by an event only later."""

    keys: tuple[str, ...]
    """In Redis, where they are no domain's."""
    value: str
    version: int = 0
    """Its number in the outbox: of two notices under one key the later one holds."""


def key_text(key: str | UUID) -> str:
    """A key as Redis has it; what clients write has any length, so a long text is its hash."""
    if isinstance(key, UUID):
        return key.hex
    return key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class LiveMessage:
    """Told at once, and at most once, to the subscriptions listening on ``topic``."""

    topic: str
    payload: Mapping[str, Any]


class Transaction:
    """What a service writes within ``Database.write()``."""

    def __init__(self, session: AsyncSession, tables: SharedTables, clock: Clock) -> None:
        self.session = session
        self.now = clock.now()
        self.tombstones: list[Tombstone] = []
        self.live: list[LiveMessage] = []
        self.events: list[Event] = []
        self.notices: list[Notice] = []
        self.repeats: list[int] = []
        """The numbers in the outbox of what repeats tombstones and notices, once it is stored there."""
        self._tables = tables
        self._replay: tuple[UUID, str, str] | None = None

    def add(self, row: Entity, cached_as: str | None = None) -> None:
        """Insert a new row; ``cached_as`` is its cache entity where loaders cache it."""
        self.session.add(row)
        if cached_as:
            self.tombstones.append(Tombstone(cached_as, row.id.hex, row.version))

    async def lock(self, model: type[_Row], id: UUID) -> _Row | None:  # noqa: A002
        """The row, unless it is deleted; until this has ended nobody else changes it."""
        found = select(model).where(model.id == id, model.deleted_at.is_(None))  # type: ignore[arg-type, union-attr]
        return (await self.session.scalars(found.with_for_update())).first()

    def touch(self, row: Entity, cached_as: str | None = None) -> None:
        """After changing a row's fields: a new version, and nothing older from any cache."""
        row.version += 1
        row.updated_at = self.now
        self.session.add(row)
        if cached_as:
            self.tombstones.append(Tombstone(cached_as, row.id.hex, row.version))

    def delete(self, row: Entity, cached_as: str | None = None) -> None:
        """Hide a row from every read; it is purged later."""
        row.deleted_at = self.now
        self.touch(row, cached_as)

    def forget(self, name: str, *keys: str | UUID) -> None:
        """After changing what a lookup's value is made of (``cache/lookups.py``): nothing older of these keys from any cache."""
        for key in keys:
            stamp = random.getrandbits(52)
            self.tombstones.append(Tombstone(name, key_text(key), stamp, ordered=False))

    def notify(self, keys: Sequence[str], value: str) -> None:
        """Let all domains see this under these keys before the mutation is answered (``Cache.notices``)."""
        self.notices.append(Notice(tuple(keys), value))

    def emit(self, type: str, aggregate: str | UUID, payload: Mapping[str, Any]) -> None:  # noqa: A002
        """Tell other domains, once this is committed. ``payload`` is JSON (UUIDs and times as text)."""
        name = aggregate.hex if isinstance(aggregate, UUID) else aggregate
        self.events.append(Event(uuid7(), type, name, payload, traceparent()))

    def tell(self, topic: str, payload: Mapping[str, Any]) -> None:
        """Tell this domain's live subscriptions, once this is committed."""
        self.live.append(LiveMessage(topic, payload))

    async def audit(self, actor: UUID | None, action: str, subject: tuple[str, str], **detail: Any) -> None:
        """One line of the audit trail, in this transaction."""
        await self.session.execute(
            insert(self._tables.audit).values(
                at=self.now,
                actor=actor,
                action=action,
                subject_type=subject[0],
                subject_id=subject[1],
                detail=detail,
            )
        )

    async def once(self, viewer: UUID, operation: str, key: str | None, arguments: Any) -> str | None:
        """What ``remember`` stored when this key was first used, or None: carry it out now.

        Raises Rejected(IDEMPOTENCY_CONFLICT) where the key was used with other arguments. A second
        request with the key waits here until the first has ended.
        """
        if key is None:
            return None
        fingerprint = hashlib.sha256(msgspec.json.encode(arguments)).hexdigest()
        table = self._tables.idempotency_keys
        where = (table.c.viewer == viewer, table.c.operation == operation, table.c.key == key)
        taken = await self.session.execute(
            upsert(table)
            .values(
                viewer=viewer,
                operation=operation,
                key=key,
                fingerprint=fingerprint,
                expires_at=self.now + timedelta(days=_REPLAY_DAYS),
            )
            .on_conflict_do_nothing()
            .returning(table.c.key)
        )
        if taken.first() is not None:
            self._replay = (viewer, operation, key)
            return None
        found = (await self.session.execute(select(table.c.fingerprint, table.c.result).where(*where))).one()
        if found.fingerprint != fingerprint:
            raise Rejected(
                ErrorCode.IDEMPOTENCY_CONFLICT,
                "This idempotency key was used with other input.",
                "idempotencyKey",
            )
        return str(found.result)

    async def remember(self, result: str) -> None:
        """Keep what a repeated call with the same key is answered with: usually an id."""
        if self._replay is None:
            return
        viewer, operation, key = self._replay
        table = self._tables.idempotency_keys
        await self.session.execute(
            update(table)
            .where(table.c.viewer == viewer, table.c.operation == operation, table.c.key == key)
            .values(result=result)
        )

    async def store_events(self) -> None:
        """Put events, tombstones and notices in the outbox; called by ``Database.write`` before it commits."""
        await self.session.flush()
        tombstones = [Event(uuid7(), TOMBSTONE, t.id, asdict(t)) for t in self.tombstones]
        notices = [Event(uuid7(), NOTICE, "", {"keys": n.keys, "value": n.value}) for n in self.notices]
        rows = [
            {
                "event_id": e.id,
                "type": e.type,
                "aggregate": e.aggregate,
                "payload": {**e.payload, TRACEPARENT: e.traceparent} if e.traceparent else dict(e.payload),
                "created_at": self.now,
            }
            for e in (*self.events, *tombstones, *notices)
        ]
        if not rows:
            return
        outbox = self._tables.outbox
        stored = await self.session.execute(insert(outbox).returning(outbox.c.event_id, outbox.c.id), rows)
        numbers = {row.event_id: row.id for row in stored}
        self.repeats = [numbers[e.id] for e in (*tombstones, *notices)]
        self.notices = [replace(n, version=numbers[e.id]) for n, e in zip(self.notices, notices, strict=True)]


AfterCommit: TypeAlias = Callable[[Transaction], Awaitable[None]]
