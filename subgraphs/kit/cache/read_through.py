"""Values by key, read through the cache: what is missing there is asked of the database by one statement, and stored."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec
from msgspec import UNSET

from subgraphs.kit.cache.cache import Cache, Moment
from subgraphs.kit.cache.decoded import NEGATIVE, ROW, Beside, Found
from subgraphs.kit.telemetry.light import Count, LightCounter
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["ReadThrough"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


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
    def _texts(self, keys: Sequence[K]) -> list[str]:
        """The keys as Redis has them."""

    @abstractmethod
    async def _fetch(self, keys: Sequence[K]) -> Mapping[K, V]:
        """What the database has."""

    @abstractmethod
    async def _fill(self, asked: Mapping[K, Found | None], values: Mapping[K, V], since: Moment) -> None:
        """Store what was read, by the law that these values have; ``asked`` is what Redis held before."""

    @property
    def kept(self) -> bool:
        """Whether Redis would be asked at all."""
        return self._cache.reading and self._cache.usable

    async def load(self, keys: Sequence[K], beside: Beside | None = None) -> dict[K, V]:
        """What there is of these; what is not there is left out. ``beside`` is asked for as well, where Redis is."""
        if not keys:
            return {}
        if not self._cache.reading:
            return dict(await self._fetch(keys))
        found, missing = self._taken(keys, await self._cache.get(self.name, self._texts(keys), beside))
        if missing:
            await self._find(missing, found)
        return found

    async def stored(self, keys: Sequence[K]) -> list[bytes | None]:
        """The values as Redis has them: equal bytes are an equal value. None where one has to be loaded."""
        entries = await self._cache.get(self.name, self._texts(keys))
        found = [e.payload if e and e.kind == ROW and not e.refresh else None for e in entries]
        self._count["hit"].inc(len(found) - found.count(None))
        return found

    def decoded(self, stored: bytes) -> V | None:
        """What ``stored`` gave; None where another version of the program stored it, which knew other columns."""
        try:
            return self._decode(stored)
        except msgspec.DecodeError:
            return None

    def _taken(
        self, keys: Sequence[K], entries: Sequence[Found | None]
    ) -> tuple[dict[K, V], dict[K, Found | None]]:
        """The values of these entries, and which of the keys have to be looked for in the database."""
        found: dict[K, V] = {}
        missing: dict[K, Found | None] = {}
        for key, entry in zip(keys, entries, strict=True):
            if entry is not None and entry.kind == ROW and not entry.refresh:
                if (value := entry.value) is UNSET:
                    value = entry.value = self.decoded(entry.payload)
                if value is not None:
                    found[key] = value
                    continue
            elif entry is not None and entry.kind == NEGATIVE and not entry.refresh:
                self._count["negative"].inc()
                continue
            missing[key] = entry
            self._count["error" if entry is None else "stale" if entry.refresh else "miss"].inc()
        if found:
            self._count["hit"].inc(len(found))
        return found, missing

    async def _find(self, missing: dict[K, Found | None], found: dict[K, V]) -> None:
        """Add to what was found what others are reading already, and then what the database has."""
        waiting = {self._flights[key] for key in missing if key in self._flights}
        if waiting:
            await asyncio.wait(waiting, timeout=1.0)
            left = list(missing)
            again, missing = self._taken(left, await self._cache.get(self.name, self._texts(left)))
            found |= again
        if missing:
            found |= await self._read_through(missing)

    async def _read_through(self, missing: Mapping[K, Found | None]) -> dict[K, V]:
        landed = asyncio.get_running_loop().create_future()
        ours = [key for key in missing if self._flights.setdefault(key, landed) is landed]
        since = self._cache.moment()
        try:
            values = await self._fetch(list(missing))
            await self._fill(missing, values, since)
        finally:
            landed.set_result(None)
            for key in ours:
                self._flights.pop(key, None)
        return {key: values[key] for key in missing if key in values}
