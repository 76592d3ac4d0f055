"""Raw rows in Redis, between the request's loader and the database.

The law: what was made private is never served from here afterwards.

- Only raw rows are stored, never what a viewer may see; policies run after every load.
- A value carries its row's version. A writer stores a *tombstone* with the new version after its commit
  and before its answer; the outbox repeats it. A fill compares inside Redis and never replaces a higher
  version, so a reader that was slow cannot bring an old row back; nor does a repeated tombstone take away
  the row that was read since.
- Where a tombstone cannot be stored, its process reads past Redis until the domain's outbox has caught up. Who reads from
  outside the domain does so by a lease (``lease.py``), and the writer answers when all of those have ended. Other processes
  of the same domain hold none: they may read an old row from Redis until the outbox has caught up.
- A value names the server's life (epoch) it was stored in: a server restarted from an older state is
  empty to us.
- Readers of one missing row wait for the first of them and then ask Redis again, so that none takes over
  a read that began before a write.
- What has no version (``lookups.py``) carries the stamp of its last change instead, a number drawn at random. Its
  fill is stored only where the key still holds what it held before the read began. A repeated tombstone has a stamp of
  its own: with the first one's it would, after a later change, let in a reader from between the two.

Keys are ``domain:entity:id``; values ``epoch|version|expiry|kind|payload``. Redis away costs speed only.
"""

from __future__ import annotations

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

import msgspec
from redis.exceptions import RedisError

from subgraphs.kit.clock import Clock
from subgraphs.kit.errors import Unavailable
from subgraphs.kit.light import Count, LightCounter
from subgraphs.kit.metrics import Metrics
from subgraphs.kit.models import Entity
from subgraphs.kit.reads import row_type
from subgraphs.kit.redis import RedisLink
from subgraphs.kit.transaction import Tombstone

__all__ = ["Cache", "Found", "ReadThrough", "RowCache"]

Row = TypeVar("Row", bound=Entity)
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_ROW, _NEGATIVE, _TOMBSTONE = b"r", b"n", b"t"
_HEADER = 16 + 1 + 16 + 1 + 10 + 1 + 1 + 1
_TOMBSTONE_SECONDS = 600
_SLOWEST_FILL = 30.0
"""What was read longer ago than this is not stored: its tombstone might have expired."""

# KEYS, and ARGV: expiry in seconds, then for each key how what it holds must compare to what comes next (16 digits;
# a key that is not there holds less than any), and the value to store then.
_STORE = """
for i, key in ipairs(KEYS) do
  local held, law, given = redis.call('GETRANGE', key, 17, 32), ARGV[i * 3 - 1], ARGV[i * 3]
  if law == '<' and held < given or law == '<=' and held <= given
      or law == '~' and held ~= given or law == '=' and held == given then
    redis.call('SET', key, ARGV[i * 3 + 1], 'EX', ARGV[1])
  end
end
return 1
"""


class Found(msgspec.Struct, frozen=True, gc=False):
    """What a key holds."""

    stamp: bytes
    """The version or stamp of whatever is there; empty: nothing is."""
    kind: bytes = b""
    """Empty: nothing that may be served."""
    payload: bytes = b""
    refresh: bool = False
    """Somebody should read it anew before it expires."""


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    law: bytes
    """How what is held must compare to ``than``."""
    than: bytes
    stamp: bytes
    kind: bytes
    payload: bytes = b""


_NOTHING = Found(b"")


class Cache:
    """One domain's part of Redis."""

    def __init__(
        self,
        service: str,
        link: RedisLink,
        metrics: Metrics,
        clock: Clock,
        *,
        ttl: int = 600,
        reading: bool = True,
    ) -> None:
        """Without ``reading`` every read goes past Redis; what is written is told it all the same."""
        self.service = service
        self.reading = reading
        self.failures = 0
        """How many tombstones could not be stored: ``caught_up`` is told which of them were repeated."""
        self.lent = 0.0
        """Seconds that others may go on believing Redis by a lease (``lease.py``), whatever happens here."""
        self._repeated = 0
        self._link = link
        self._metrics = metrics
        self._clock = clock
        self._ttl = ttl
        self._up: bool | None = None
        self._store = link.client.register_script(_STORE)

    @property
    def usable(self) -> bool:
        """False while a tombstone is missing in Redis, or Redis is away."""
        return self._repeated == self.failures and self._link.available

    @property
    def epoch(self) -> bytes:
        """The server's life: values of another are not believed."""
        return self._link.epoch.encode().ljust(16, b"-")

    async def bury(self, tombstones: Sequence[Tombstone], *, repeated: bool = False) -> bool:
        """Store tombstones; False (and from then on no reads from Redis) where that failed.

        ``repeated``: by the outbox, after the writer stored them, or could not.
        """
        if not tombstones:
            return True
        entries = [_buried(self._key(t.entity, t.id), t, repeated) for t in tombstones]
        try:
            await self._put(entries, _TOMBSTONE_SECONDS)
        except (Unavailable, RedisError):  # away; or full, or a replica
            self.failures += 1
            self._is_up(False)
            return False
        return True

    def caught_up(self, failures: int) -> None:
        """Told by the outbox's publisher when none of the first ``failures`` is left to repeat."""
        self._repeated = max(self._repeated, failures)

    async def get(self, name: str, keys: Sequence[str]) -> list[Found | None]:
        """One MGET; None where Redis was not asked."""
        if not self.usable:
            return [None] * len(keys)
        try:
            values = await self._link.mget([self._key(name, key) for key in keys])
        except Unavailable:
            self._is_up(False)
            return [None] * len(keys)
        self._is_up(True)
        return [self._read(v) for v in values]

    async def fill(
        self, name: str, rows: Iterable[tuple[str, int, bytes | None]], epoch: bytes, age: float
    ) -> None:
        """Store rows, by key and version, that were read in ``epoch``, ``age`` seconds ago; None is "no such row"."""
        entries = []
        for key, version, payload in rows:
            digits = b"%016d" % version
            entries.append(_Entry(self._key(name, key), b"<=", digits, digits, *_value(payload)))
        await self._fill(entries, epoch, age)

    async def fill_same(
        self, name: str, values: Iterable[tuple[str, bytes, bytes | None]], epoch: bytes, age: float
    ) -> None:
        """Store values, by key, where the key still holds this stamp, as it did before they were read."""
        entries = [
            _Entry(self._key(name, key), b"=", stamp, stamp or _NO_STAMP, *_value(payload))
            for key, stamp, payload in values
        ]
        await self._fill(entries, epoch, age)

    def _is_up(self, up: bool) -> None:
        """Told by every use of Redis, so it tells what changes alone."""
        if self._up is not up:
            self._up = up
            self._metrics.cache_up.labels(self.service).set(up)

    def _key(self, name: str, key: str) -> str:
        return f"{self.service}:{name}:{key}"

    async def _fill(self, entries: Sequence[_Entry], epoch: bytes, age: float) -> None:
        if not entries or not self.usable or epoch != self.epoch or age > _SLOWEST_FILL:
            return
        try:
            await self._put(entries, self._ttl + random.randrange(self._ttl // 10 + 1))  # noqa: S311
        except (Unavailable, RedisError):
            self._is_up(False)

    async def _put(self, entries: Sequence[_Entry], seconds: int) -> None:
        expiry = b"%010d" % (int(self._clock.now().timestamp()) + seconds)
        arguments: list[bytes | int] = [seconds]
        for e in entries:
            arguments += [e.law, e.than, b"|".join((self.epoch, e.stamp, expiry, e.kind, e.payload))]
        await self._link.call(self._store(keys=[e.key for e in entries], args=arguments))

    def _read(self, value: bytes | str | None) -> Found:
        if not isinstance(value, bytes):
            return _NOTHING
        stamp, kind = value[17:33], value[45:46]
        if value[:16] != self.epoch or kind == _TOMBSTONE:
            return Found(stamp)
        remaining = int(value[34:44]) - self._clock.now().timestamp()
        early = remaining < self._ttl / 10 and random.random() < 0.1  # noqa: S311
        return Found(stamp, kind, value[_HEADER:], early)


_NO_STAMP = b"0" * 16


def _buried(key: str, tombstone: Tombstone, repeated: bool) -> _Entry:
    digits = b"%016d" % tombstone.version
    if tombstone.ordered:
        return _Entry(key, b"<", digits, digits, _TOMBSTONE)
    stamp = b"%016d" % random.getrandbits(52) if repeated else digits
    return _Entry(key, b"~", digits, stamp, _TOMBSTONE)


def _value(payload: bytes | None) -> tuple[bytes, bytes]:
    return (_NEGATIVE, b"") if payload is None else (_ROW, payload)


class _Counts(dict[str, Count]):
    """By result: hit, miss, negative, stale, error; what never came is not told."""

    def __init__(self, requests: LightCounter, *labels: str) -> None:
        super().__init__()
        self._requests, self._labels = requests, labels

    def __missing__(self, result: str) -> Count:
        made = self[result] = self._requests.labels(*self._labels, result)
        return made


class ReadThrough(ABC, Generic[K, V]):
    """Values by key: from Redis where it has them, else by one statement for all that are missing."""

    def __init__(self, cache: Cache, name: str, decode: Callable[[bytes], V], metrics: Metrics) -> None:
        self.name = name
        self._cache = cache
        self._flights: dict[K, asyncio.Future[None]] = {}
        self._count = _Counts(metrics.cache_requests, cache.service, name)
        self._decode = decode

    @abstractmethod
    def _text(self, key: K) -> str:
        """The key as Redis has it."""

    @abstractmethod
    async def _fetch(self, keys: Sequence[K]) -> Mapping[K, V]:
        """What the database has."""

    @abstractmethod
    async def _fill(
        self, asked: Mapping[K, Found | None], values: Mapping[K, V], epoch: bytes, age: float
    ) -> None:
        """Store what was read, by the law that these values have; ``asked`` is what Redis held before."""

    async def load(self, keys: Sequence[K]) -> dict[K, V]:
        """What there is of these; what is not there is left out."""
        if not self._cache.reading:
            return dict(await self._fetch(keys))
        found, missing = await self._ask(keys)
        waiting = {self._flights[key] for key in missing if key in self._flights}
        if waiting:
            await asyncio.wait(waiting, timeout=1.0)
            again, missing = await self._ask(list(missing))
            found |= again
        if missing:
            found |= await self._read_through(missing)
        return {key: value for key, value in found.items() if value is not None}

    async def stored(self, keys: Sequence[K]) -> list[bytes | None]:
        """The values as Redis has them: equal bytes are an equal value. None where one has to be loaded."""
        entries = await self._cache.get(self.name, [self._text(key) for key in keys])
        found = [e.payload if e and e.kind == _ROW and not e.refresh else None for e in entries]
        self._count["hit"].inc(len(found) - found.count(None))
        return found

    def decoded(self, stored: bytes) -> V | None:
        """What ``stored`` gave; None where another version of the program stored it, which knew other columns."""
        try:
            return self._decode(stored)
        except msgspec.DecodeError:
            return None

    async def _ask(self, keys: Sequence[K]) -> tuple[dict[K, V | None], dict[K, Found | None]]:
        found: dict[K, V | None] = {}
        missing: dict[K, Found | None] = {}
        hits = 0
        entries = await self._cache.get(self.name, [self._text(key) for key in keys])
        for key, entry in zip(keys, entries, strict=True):
            if entry is None or entry.refresh or not entry.kind:
                missing[key] = entry
                self._count["error" if entry is None else "stale" if entry.refresh else "miss"].inc()
            elif entry.kind == _NEGATIVE:
                found[key] = None
                self._count["negative"].inc()
            elif (value := self.decoded(entry.payload)) is not None:
                found[key] = value
                hits += 1
            else:
                missing[key] = entry
                self._count["miss"].inc()
        if hits:
            self._count["hit"].inc(hits)
        return found, missing

    async def _read_through(self, missing: Mapping[K, Found | None]) -> dict[K, V | None]:
        loop = asyncio.get_running_loop()
        landed = loop.create_future()
        ours = [key for key in missing if self._flights.setdefault(key, landed) is landed]
        epoch, began = self._cache.epoch, loop.time()
        try:
            values = await self._fetch(list(missing))
            await self._fill(missing, values, epoch, loop.time() - began)
        finally:
            landed.set_result(None)
            for key in ours:
                self._flights.pop(key, None)
        return {key: values.get(key) for key in missing}


class RowCache(ReadThrough[UUID, Row]):
    """One entity of a domain: rows by id."""

    def __init__(
        self,
        cache: Cache,
        entity: str,
        model: type[Row],
        rows: Callable[[Sequence[UUID]], Awaitable[Sequence[Row]]],
        metrics: Metrics,
    ) -> None:
        super().__init__(cache, entity, msgspec.json.Decoder(row_type(model)).decode, metrics)
        self._rows = rows

    def _text(self, key: UUID) -> str:
        return key.hex

    async def _fetch(self, keys: Sequence[UUID]) -> Mapping[UUID, Row]:
        return {row.id: row for row in await self._rows(keys)}

    async def _fill(
        self, asked: Mapping[UUID, Found | None], values: Mapping[UUID, Row], epoch: bytes, age: float
    ) -> None:
        await self._cache.fill(self.name, [_row(i, values.get(i)) for i in asked], epoch, age)


def _row(id: UUID, row: Entity | None) -> tuple[str, int, bytes | None]:  # noqa: A002
    return (id.hex, 0, None) if row is None else (id.hex, row.version, msgspec.json.encode(row))
