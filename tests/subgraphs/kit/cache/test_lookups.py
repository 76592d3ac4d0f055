"""Values that have no version: what was changed is never served afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry

from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database.transaction import Tombstone, key_text
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics


class _Setting:
    """Whose handles there are, as the database has them, and how often it was asked."""

    def __init__(self, url: str) -> None:
        self.metrics = Metrics(CollectorRegistry())
        self.link = RedisLink(url)
        self.handles: dict[str, int] = {}
        self.asked = 0
        self.held: asyncio.Event | None = None
        self.began = asyncio.Event()
        self.cache = self.process()
        self.lookup = self.lookup_of(self.cache)

    def process(self, *, reading: bool = True) -> Cache:
        name = getattr(self, "cache", None)
        service = name.service if name else f"law-{uuid4().hex[:8]}"
        return Cache(service, self.link, self.metrics, SystemClock(), reading=reading)

    def lookup_of(self, cache: Cache) -> Lookup[str, int]:
        return Lookup(cache, "handle", int, self._fetch, self.metrics)

    async def owner(self, handle: str) -> int | None:
        return (await self.lookup.load([handle])).get(handle)

    async def forget(self, handle: str, stamp: int) -> bool:
        return await self.cache.bury([Tombstone("handle", key_text(handle), stamp, ordered=False)])

    def counted(self) -> dict[str, float]:
        return {
            sample.labels["result"]: sample.value
            for metric in self.metrics.cache_requests.collect()
            for sample in metric.samples
            if sample.name.endswith("_total")
        }

    async def _fetch(self, handles: Sequence[str]) -> dict[str, int]:
        self.asked += 1
        self.began.set()
        found = {h: self.handles[h] for h in handles if h in self.handles}
        if self.held is not None:
            await self.held.wait()
        return found


@pytest.fixture
async def law(redis_url: str) -> AsyncIterator[_Setting]:
    setting = _Setting(redis_url)
    yield setting
    await setting.link.close()


async def test_a_value_is_read_once_and_what_is_not_there_as_well(law: _Setting) -> None:
    law.handles["ada"] = 1
    assert [await law.owner(h) for h in ("ada", "ada", "bob", "bob")] == [1, 1, None, None]
    assert law.asked == 2
    assert law.counted() == {"miss": 2.0, "hit": 1.0, "negative": 1.0}


async def test_a_change_shows_on_the_next_read(law: _Setting) -> None:
    assert await law.owner("ada") is None
    law.handles["ada"] = 1
    await law.forget("ada", 7)
    assert [await law.owner("ada") for _ in range(2)] == [1, 1]
    law.handles["ada"] = 2
    await law.forget("ada", 3)
    assert [await law.owner("ada") for _ in range(2)] == [2, 2]


async def test_a_repeated_tombstone_leaves_what_was_read_since_the_first(law: _Setting) -> None:
    law.handles["ada"] = 1
    await law.forget("ada", 7)
    await law.owner("ada")
    await law.forget("ada", 7)
    assert (await law.owner("ada"), law.asked) == (1, 1)


async def test_a_tombstone_repeated_over_a_later_one_lets_no_reader_in_from_between(law: _Setting) -> None:
    law.handles["ada"] = 1
    await law.forget("ada", 7)
    law.held = asyncio.Event()
    slow = asyncio.create_task(law.owner("ada"))
    await law.began.wait()
    law.handles["ada"] = 2
    await law.forget("ada", 3)
    await law.cache.bury([Tombstone("handle", "ada", 7, ordered=False)], repeated=True)
    law.held.set()
    assert await slow == 1, "it began before the change"
    law.held = None
    assert await law.owner("ada") == 2


@pytest.mark.parametrize("before", ["nothing", "a value", "a tombstone"])
async def test_a_slow_reader_does_not_bring_the_old_value_back(law: _Setting, before: str) -> None:
    law.handles["ada"] = 1
    if before == "a value":
        await law.owner("ada")
    await law.forget("ada", 5) if before != "nothing" else None
    law.began.clear()
    law.held = asyncio.Event()
    slow = asyncio.create_task(law.owner("ada"))
    await law.began.wait()
    law.handles["ada"] = 2
    await law.forget("ada", 3)
    law.held.set()
    assert await slow == 1, "it began before the change"
    law.held = None
    assert await law.owner("ada") == 2


async def test_a_slow_reader_of_another_process_does_not_either(law: _Setting) -> None:
    law.handles["ada"] = 1
    other = law.lookup_of(law.process())
    law.held = asyncio.Event()
    slow = asyncio.create_task(other.load(["ada"]))
    await law.began.wait()
    law.handles["ada"] = 2
    await law.forget("ada", 3)
    held, law.held = law.held, None
    assert await law.owner("ada") == 2, "what this one stores does not let the other in"
    held.set()
    await slow
    assert await law.owner("ada") == 2


async def test_a_process_that_does_not_read_from_redis_tells_it_all_the_same(law: _Setting) -> None:
    law.handles["ada"] = 1
    await law.owner("ada")
    apart = law.process(reading=False)
    law.handles["ada"] = 2
    await apart.bury([Tombstone("handle", "ada", 9, ordered=False)])
    assert await law.owner("ada") == 2
    asked = law.asked
    assert [await law.lookup_of(apart).load(["ada"]) for _ in range(2)] == [{"ada": 2}] * 2
    assert law.asked == asked + 2


def test_a_long_key_is_its_hash_and_an_id_is_hexadecimal() -> None:
    one = uuid4()
    assert key_text(one) == one.hex
    assert key_text("ada") == "ada"
    assert len(key_text("a" * 1_000_000)) == 64
