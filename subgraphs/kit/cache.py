"""Raw rows in Redis, between the request's loader and the database.

The law: what was made private is never served from here afterwards.

- Only raw rows are stored, never what a viewer may see; policies run after every load.
- A value carries its row's version. A writer stores a *tombstone* with the new version after its commit
  and before its answer; the outbox repeats it. A fill compares inside Redis and never replaces a higher
  version, so a reader that was slow cannot bring an old row back; nor does a repeated tombstone take away
  the row that was read since.
- Where a tombstone cannot be stored, this domain reads past Redis until its outbox has caught up.
- A value names the server's life (epoch) it was stored in: a server restarted from an older state is
  empty to us.
- Readers of one missing row wait for the first of them and then ask Redis again, so that none takes over
  a read that began before a write.

Keys are ``domain:entity:id``; values ``epoch|version|expiry|kind|payload``. Redis away costs speed only.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

import msgspec
from prometheus_client import Counter
from redis.commands.core import AsyncScript

from subgraphs.kit.clock import Clock
from subgraphs.kit.errors import Unavailable
from subgraphs.kit.metrics import Metrics
from subgraphs.kit.models import Entity
from subgraphs.kit.reads import row_type
from subgraphs.kit.redis import RedisLink
from subgraphs.kit.transaction import Tombstone

__all__ = ["Cache", "RowCache"]

Row = TypeVar("Row", bound=Entity)

_ROW, _NEGATIVE, _TOMBSTONE = b"r", b"n", b"t"
_HEADER = 16 + 1 + 16 + 1 + 10 + 1 + 1 + 1
_TOMBSTONE_SECONDS = 600
_SLOWEST_FILL = 30.0
"""A row read longer ago than this is not stored: its tombstone might have expired."""

# KEYS: the rows. ARGV: expiry in seconds, then for each row its version (16 digits) and its value.
_STORE = """
for i, key in ipairs(KEYS) do
  local held = redis.call('GETRANGE', key, 17, 32)
  if held == '' or held %s ARGV[i * 2] then
    redis.call('SET', key, ARGV[i * 2 + 1], 'EX', ARGV[1])
  end
end
return 1
"""


@dataclass(frozen=True, slots=True)
class _Found:
    kind: bytes
    payload: bytes
    refresh: bool


class Cache:
    """One domain's part of Redis."""

    def __init__(self, service: str, link: RedisLink, metrics: Metrics, clock: Clock, ttl: int = 600) -> None:
        self.service = service
        self._link = link
        self._metrics = metrics
        self._clock = clock
        self._ttl = ttl
        self._fill = link.client.register_script(_STORE % "<=")
        self._bury = link.client.register_script(_STORE % "<")
        self._behind = False

    @property
    def usable(self) -> bool:
        """False while a tombstone is missing in Redis, or Redis is away."""
        return not self._behind and self._link.available

    @property
    def epoch(self) -> bytes:
        """The server's life: values of another are not believed."""
        return self._link.epoch.encode().ljust(16, b"-")

    async def bury(self, tombstones: Sequence[Tombstone]) -> bool:
        """Store tombstones; False (and from then on no reads from Redis) where that failed."""
        if not tombstones:
            return True
        rows = [(self._key(t.entity, t.id), t.version, _TOMBSTONE, b"") for t in tombstones]
        try:
            await self._put(self._bury, rows, _TOMBSTONE_SECONDS)
        except Unavailable:
            self._behind = True
            self._metrics.cache_up.labels(self.service).set(0)
            return False
        return True

    def caught_up(self) -> None:
        """Told by the outbox's publisher when no tombstone is left to repeat."""
        self._behind = False

    async def get(self, entity: str, ids: Sequence[UUID]) -> list[_Found | None]:
        """One MGET; None for what is missing, expired, buried or not believed."""
        if not self.usable:
            return [None] * len(ids)
        try:
            values = await self._link.mget([self._key(entity, i.hex) for i in ids])
        except Unavailable:
            self._metrics.cache_up.labels(self.service).set(0)
            return [None] * len(ids)
        self._metrics.cache_up.labels(self.service).set(1)
        return [self._read(v) for v in values]

    async def fill(
        self, entity: str, rows: Sequence[tuple[UUID, int, bytes | None]], epoch: bytes, age: float
    ) -> None:
        """Store rows as they were read in ``epoch``, ``age`` seconds ago; None is "there is no such row"."""
        if not rows or not self.usable or epoch != self.epoch or age > _SLOWEST_FILL:
            return
        values = [
            (self._key(entity, i.hex), version, _NEGATIVE if payload is None else _ROW, payload or b"")
            for i, version, payload in rows
        ]
        try:
            seconds = self._ttl + random.randrange(self._ttl // 10 + 1)  # noqa: S311
            await self._put(self._fill, values, seconds)
        except Unavailable:
            self._metrics.cache_up.labels(self.service).set(0)

    def _key(self, entity: str, id: str) -> str:  # noqa: A002
        return f"{self.service}:{entity}:{id}"

    async def _put(
        self, script: AsyncScript, rows: Sequence[tuple[str, int, bytes, bytes]], seconds: int
    ) -> None:
        expiry = b"%010d" % (int(self._clock.now().timestamp()) + seconds)
        arguments: list[bytes | int] = [seconds]
        for _, version, kind, payload in rows:
            digits = b"%016d" % version
            arguments += [digits, b"|".join((self.epoch, digits, expiry, kind, payload))]
        await self._link.call(script(keys=[key for key, *_ in rows], args=arguments))

    def _read(self, value: bytes | str | None) -> _Found | None:
        if not isinstance(value, bytes) or value[:16] != self.epoch:
            return None
        kind = value[45:46]
        if kind == _TOMBSTONE:
            return None
        remaining = int(value[34:44]) - self._clock.now().timestamp()
        early = remaining < self._ttl / 10 and random.random() < 0.1  # noqa: S311
        return _Found(kind, value[_HEADER:], early)


class _Counts(dict[str, Counter]):
    """By result: hit, miss, negative, stale, error; what never came is not told."""

    def __init__(self, requests: Counter, *labels: str) -> None:
        super().__init__()
        self._requests, self._labels = requests, labels

    def __missing__(self, result: str) -> Counter:
        made = self[result] = self._requests.labels(*self._labels, result)
        return made


class RowCache(Generic[Row]):
    """One entity of a domain: rows by id, from Redis where it has them, else by one statement."""

    def __init__(
        self,
        cache: Cache,
        entity: str,
        model: type[Row],
        fetch: Callable[[Sequence[UUID]], Awaitable[Sequence[Row]]],
        metrics: Metrics,
    ) -> None:
        self.entity = entity
        self._cache = cache
        self._decode: Callable[[bytes], Row] = msgspec.json.Decoder(row_type(model)).decode
        self._fetch = fetch
        self._flights: dict[UUID, asyncio.Future[None]] = {}
        self._count = _Counts(metrics.cache_requests, cache.service, entity)

    async def load(self, ids: Sequence[UUID]) -> dict[UUID, Row]:
        """The rows that exist among ``ids``; deleted ones are no rows."""
        found, missing = await self._ask(ids)
        waiting = [self._flights[i] for i in missing if i in self._flights]
        if waiting:
            await asyncio.wait(waiting, timeout=1.0)
            again, missing = await self._ask(missing)
            found |= again
        if missing:
            found |= await self._read_through(missing)
        return {i: row for i, row in found.items() if row is not None}

    async def stored(self, ids: Sequence[UUID]) -> list[bytes | None]:
        """The rows as Redis has them: equal bytes are an equal row. None where one has to be loaded."""
        entries = await self._cache.get(self.entity, ids)
        found = [e.payload if e and e.kind == _ROW and not e.refresh else None for e in entries]
        self._count["hit"].inc(len(found) - found.count(None))
        return found

    def decoded(self, stored: bytes) -> Row:
        """The row that ``stored`` gave."""
        return self._decode(stored)

    async def _ask(self, ids: Sequence[UUID]) -> tuple[dict[UUID, Row | None], list[UUID]]:
        usable = self._cache.usable
        found: dict[UUID, Row | None] = {}
        missing: list[UUID] = []
        for i, entry in zip(ids, await self._cache.get(self.entity, ids), strict=True):
            if entry is None or entry.refresh:
                missing.append(i)
                self._count["stale" if entry else "miss" if usable else "error"].inc()
            elif entry.kind == _NEGATIVE:
                found[i] = None
                self._count["negative"].inc()
            else:
                found[i] = self.decoded(entry.payload)
                self._count["hit"].inc()
        return found, missing

    async def _read_through(self, ids: Sequence[UUID]) -> dict[UUID, Row | None]:
        loop = asyncio.get_running_loop()
        landed = loop.create_future()
        ours = [i for i in ids if self._flights.setdefault(i, landed) is landed]
        epoch, began = self._cache.epoch, loop.time()
        try:
            rows = {row.id: row for row in await self._fetch(ids)}
            await self._cache.fill(
                self.entity, [_entry(i, rows.get(i)) for i in ids], epoch, loop.time() - began
            )
        finally:
            landed.set_result(None)
            for i in ours:
                self._flights.pop(i, None)
        return {i: rows.get(i) for i in ids}


def _entry(id: UUID, row: Entity | None) -> tuple[UUID, int, bytes | None]:  # noqa: A002
    if row is None:
        return id, 0, None
    return id, row.version, msgspec.json.encode(row)
