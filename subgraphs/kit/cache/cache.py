"""Raw rows in Redis, between the request's loader and the database.

The law: what was made private is never served from here afterwards.

- Only raw rows are stored, never what a viewer may see; policies run after every load.
- A value carries its row's version. A writer stores a *tombstone* with the new version after its commit
  and before its answer; the outbox repeats it. A fill compares inside Redis and never replaces a higher
  version, so a reader that was slow cannot bring an old row back; nor does a repeated tombstone take away
  the row that was read since.
- Where a tombstone cannot be stored, its process reads past Redis until the domain's outbox has caught up. Others believe
  Redis by leases alone, the domain's own (``trust.py``) and those outside it (``lease.py``), and the writer answers when the
  outbox has repeated the tombstone, or all of those have ended.
- A fill is not stored where the server has evicted anything since before its read began: it may have been the tombstone
  that would have kept the fill away. (Nothing here relies on which key a full server lets go of first.)
- A value names the server's life (epoch) it was stored in: a server restarted from an older state is
  empty to us.
- Readers of one missing row wait for the first of them and then ask Redis again, so that none takes over
  a read that began before a write.
- What has no version (``lookups.py``) carries the stamp of its last change instead, a number drawn at random. Its
  fill is stored only where the key still holds what it held before the read began. A repeated tombstone has a stamp of
  its own: with the first one's it would, after a later change, let in a reader from between the two.
- A *notice* tells the other domains what their copies do not have yet: a block, a withdrawal. It goes with its writer's
  tombstones, is repeated and waited for with them, and of two under one key the one with the higher number holds.

Keys are ``domain:entity:id``; values ``epoch|version|expiry|kind|payload``. Redis away costs speed only.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from redis.exceptions import RedisError

from subgraphs.kit.cache.decoded import HEADER, Beside, Found, Held
from subgraphs.kit.cache.entries import STORE, Entry, buried, noticed, same, versioned
from subgraphs.kit.clock import Clock
from subgraphs.kit.database.transaction import Notice, Tombstone
from subgraphs.kit.errors import Unavailable
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["Cache", "Moment"]

_TOMBSTONE_SECONDS = 600
_SLOWEST_FILL = 30.0
"""What was read longer ago than this is not stored: its tombstone might have expired."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a read of the database began, as far as what it gives may be stored."""

    epoch: bytes
    evicted: bytes
    """How many keys the server had let go of, as was known then."""
    at: float
    """The event loop's time."""


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
        believed: Callable[[], bool] = lambda: True,
        reading: bool = True,
        memory: int = 4 << 20,
    ) -> None:
        """``believed``: whether a read may go to Redis just now. Without ``reading`` none does; what is written is told
        it all the same. ``memory``: bytes that decoded values may take."""
        self.service = service
        self.reading = reading
        self.failures = 0
        """How many tombstones could not be stored: ``caught_up`` is told which of them were repeated."""
        self._repeated = 0
        self._believed = believed
        self._link = link
        self._metrics = metrics
        self._clock = clock
        self._ttl = ttl
        self._up: bool | None = None
        self._held = Held(memory)
        self._store = link.client.register_script(STORE)

    @property
    def usable(self) -> bool:
        """False while a tombstone may be missing in Redis, or Redis is away."""
        return self._repeated == self.failures and self._believed() and self._link.available

    @property
    def epoch(self) -> bytes:
        """The server's life: values of another are not believed."""
        return self._link.epoch.encode().ljust(16, b"-")

    def moment(self) -> Moment:
        """Now, before the database is asked."""
        return Moment(self.epoch, self._link.evicted, asyncio.get_running_loop().time())

    async def bury(
        self, tombstones: Sequence[Tombstone], notices: Sequence[Notice] = (), *, repeated: bool = False
    ) -> bool:
        """Store tombstones and notices; False (and from then on no reads from Redis) where that failed.

        ``repeated``: by the outbox, after the writer stored them, or could not.
        """
        if not tombstones and not notices:
            return True
        entries = [buried(self._key(t.entity, t.id), t, repeated) for t in tombstones]
        entries += [noticed(key, notice) for notice in notices for key in notice.keys]
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

    async def notices(self, keys: Sequence[str]) -> list[bytes | None]:
        """What any domain gave notice of last under each key, in the last ten minutes. Raises Unavailable."""
        values, epoch = await self._link.mget(keys), self.epoch
        return [v[HEADER:] if v is not None and v[:16] == epoch else None for v in values]

    async def get(
        self, name: str, keys: Sequence[str], beside: Beside | None = None
    ) -> Sequence[Found | None]:
        """One MGET; None where Redis was not asked."""
        if not self.usable:
            return [None] * len(keys)
        try:
            before = f"{self.service}:{name}:"
            asked = [before + key for key in keys]
            values = await self._link.mget(asked if beside is None else [*asked, beside.key])
        except Unavailable:
            self._is_up(False)
            return [None] * len(keys)
        self._is_up(True)
        if beside is not None:
            beside.value, beside.asked = values.pop(), True
        soon = self._clock.timestamp() + self._ttl / 10
        return self._held.read(values, self.epoch, soon)

    async def fill(self, name: str, rows: Iterable[tuple[str, int, bytes | None]], since: Moment) -> None:
        """Store rows, by key and version, that were read since then; None is "no such row"."""
        entries = [versioned(self._key(name, key), version, payload) for key, version, payload in rows]
        await self._fill(entries, since)

    async def fill_same(
        self, name: str, values: Iterable[tuple[str, bytes, bytes | None]], since: Moment
    ) -> None:
        """Store values, by key, where the key still holds this stamp, as it did before they were read."""
        entries = [same(self._key(name, key), stamp, payload) for key, stamp, payload in values]
        await self._fill(entries, since)

    def _is_up(self, up: bool) -> None:
        """Told by every use of Redis, so it tells what changes alone."""
        if self._up is not up:
            self._up = up
            self._metrics.cache_up.labels(self.service).set(up)

    def _key(self, name: str, key: str) -> str:
        return f"{self.service}:{name}:{key}"

    async def _fill(self, entries: Sequence[Entry], since: Moment) -> None:
        age = asyncio.get_running_loop().time() - since.at
        if not entries or not self.usable or since.epoch != self.epoch or age > _SLOWEST_FILL:
            return
        try:
            await self._put(entries, self._ttl + random.randrange(self._ttl // 10 + 1), since.evicted)  # noqa: S311
        except (Unavailable, RedisError):
            self._is_up(False)

    async def _put(self, entries: Sequence[Entry], seconds: int, evicted: bytes = b"") -> None:
        expiry = b"%010d" % (int(self._clock.timestamp()) + seconds)
        epoch = b""
        while epoch != self.epoch:  # a new life of the server is known from the first command to it on
            epoch = self.epoch
            arguments: list[bytes | int] = [seconds, evicted]
            for e in entries:
                arguments += [e.law, e.than, b"|".join((epoch, e.stamp, expiry, e.kind, e.payload))]
            stored = self._store(keys=[e.key for e in entries], args=arguments)
            self._link.evicted = await self._link.call(stored)
