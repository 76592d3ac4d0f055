"""The cache's law: what was made private is never served afterwards, and Redis away costs speed only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry

from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database.reads import row_type
from subgraphs.kit.database.transaction import Tombstone
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.shop.models import Store


class _Table:
    """Rows as the database has them, and how often it was asked."""

    def __init__(self) -> None:
        self.rows: dict[UUID, Store] = {}
        self.asked = 0
        self.held: asyncio.Event | None = None
        self.began = asyncio.Event()

    def put(self, name: str, id_: UUID | None = None, version: int = 1) -> UUID:
        row = Store(id=id_ or uuid4(), owner_id=uuid4(), slug="s", name=name, version=version)
        self.rows[row.id] = row_type(Store)(**row.model_dump())
        return row.id

    async def fetch(self, ids: Sequence[UUID]) -> list[Store]:
        self.asked += 1
        self.began.set()
        found = [self.rows[i] for i in ids if i in self.rows]
        if self.held is not None:
            await self.held.wait()
        return found


class _Setting:
    def __init__(self, url: str) -> None:
        self.metrics = Metrics(CollectorRegistry())
        self.link = RedisLink(url)
        self.table = _Table()
        self.cache = Cache(f"law-{uuid4().hex[:8]}", self.link, self.metrics, SystemClock())
        self.rows = RowCache(self.cache, "store", Store, self.table.fetch, self.metrics)

    async def name(self, id_: UUID) -> str | None:
        row = (await self.rows.load([id_])).get(id_)
        return row.name if row else None

    async def bury(self, id_: UUID, version: int) -> bool:
        return await self.cache.bury([Tombstone("store", id_.hex, version)])


@pytest.fixture
async def law(redis_url: str) -> AsyncIterator[_Setting]:
    setting = _Setting(redis_url)
    yield setting
    await setting.link.close()


async def test_a_row_is_read_once_and_then_from_redis(law: _Setting) -> None:
    id_ = law.table.put("one")
    assert [await law.name(id_) for _ in range(3)] == ["one"] * 3
    assert law.table.asked == 1


async def test_a_row_of_a_version_that_knew_other_columns_is_read_anew(law: _Setting) -> None:
    id_ = law.table.put("one")
    await law.cache.fill("store", [(id_.hex, 1, b'{"id":"%s"}' % str(id_).encode())], law.cache.moment())
    assert [await law.name(id_) for _ in range(2)] == ["one"] * 2
    assert law.table.asked == 1


async def test_what_is_not_there_is_remembered_until_it_is(law: _Setting) -> None:
    id_ = uuid4()
    assert [await law.name(id_) for _ in range(3)] == [None] * 3
    assert law.table.asked == 1
    law.table.put("born", id_)
    await law.bury(id_, 1)
    assert await law.name(id_) == "born"


async def test_a_write_shows_on_the_next_read(law: _Setting) -> None:
    id_ = law.table.put("old")
    await law.name(id_)
    law.table.put("new", id_, version=2)
    await law.bury(id_, 2)
    assert [await law.name(id_) for _ in range(2)] == ["new", "new"]


async def test_a_repeated_tombstone_leaves_what_was_read_since_the_first(law: _Setting) -> None:
    id_ = law.table.put("new", version=2)
    await law.bury(id_, 2)
    await law.name(id_)
    await law.bury(id_, 2)
    assert await law.name(id_) == "new"
    assert law.table.asked == 1
    await law.bury(id_, 3)
    await law.name(id_)
    assert law.table.asked == 2


async def test_a_slow_reader_does_not_bring_the_old_row_back(law: _Setting) -> None:
    id_ = law.table.put("old")
    law.table.held = asyncio.Event()
    slow = asyncio.create_task(law.name(id_))
    await law.table.began.wait()
    law.table.put("new", id_, version=2)
    await law.bury(id_, 2)
    law.table.held.set()
    assert await slow == "old", "it began before the write"
    law.table.held = None
    assert await law.name(id_) == "new"


async def test_who_waits_for_another_reader_reads_what_was_written_since(law: _Setting) -> None:
    id_ = law.table.put("old")
    law.table.held = asyncio.Event()
    first = asyncio.create_task(law.name(id_))
    await law.table.began.wait()
    law.table.put("new", id_, version=2)
    await law.bury(id_, 2)
    second = asyncio.create_task(law.name(id_))
    law.table.held.set()
    assert [await first, await second] == ["old", "new"]


async def test_a_tombstone_that_cannot_be_stored_sends_readers_past_redis_until_the_outbox_caught_up(
    law: _Setting, redis_url: str
) -> None:
    id_ = law.table.put("old")
    await law.name(id_)
    law.table.put("new", id_, version=2)
    law.link._closed_until = float("inf")
    assert await law.bury(id_, 2) is False
    law.link._closed_until = 0.0
    assert [await law.name(id_) for _ in range(2)] == ["new", "new"]
    assert await law.bury(id_, 2) is True
    law.cache.caught_up(law.cache.failures)
    asked = law.table.asked
    assert [await law.name(id_) for _ in range(2)] == ["new", "new"]
    assert law.table.asked == asked + 1


async def test_a_tombstone_that_fails_while_the_outbox_is_read_is_not_taken_for_repeated(
    law: _Setting,
) -> None:
    id_ = law.table.put("old")
    await law.name(id_)
    reading = law.cache.failures  # the publisher looks at the outbox, and finds nothing
    law.table.put("new", id_, version=2)
    law.link._closed_until = float("inf")
    await law.bury(id_, 2)
    law.link._closed_until = 0.0
    law.cache.caught_up(reading)
    assert await law.name(id_) == "new"


async def test_a_full_redis_is_read_past_and_fails_no_writer(law: _Setting) -> None:
    id_ = law.table.put("old")
    await law.name(id_)
    law.table.put("new", id_, version=2)
    client = law.link.client
    # It evicts until nothing is left: a command that comes while there is more to evict is let in.
    await client.config_set("maxmemory-eviction-tenacity", 100)
    await client.config_set("maxmemory", 1)
    try:
        assert await law.bury(id_, 2) is False
    finally:
        await client.config_set("maxmemory", 0)
        await client.config_set("maxmemory-eviction-tenacity", 10)
    assert await law.name(id_) == "new"


async def test_an_evicted_tombstone_lets_no_slow_reader_in(law: _Setting) -> None:
    id_, client = law.table.put("old"), law.link.client
    law.table.held = asyncio.Event()
    slow = asyncio.create_task(law.name(id_))
    await law.table.began.wait()
    law.table.put("new", id_, version=2)
    await law.bury(id_, 2)
    key = f"{law.cache.service}:store:{id_.hex}"
    await client.config_set("maxmemory", int((await client.info("memory"))["used_memory"]) + (1 << 20))
    try:
        while await client.exists(key):
            await client.set(f"{law.cache.service}:filler:{uuid4().hex}", b"x" * 4096, ex=600)
    finally:
        await client.config_set("maxmemory", 0)
    law.table.held.set()
    assert await slow == "old", "it began before the write"
    law.table.held = None
    assert [await law.name(id_) for _ in range(3)] == ["new"] * 3
    assert law.table.asked == 2, "nothing was evicted since"


async def test_another_life_of_the_server_is_empty_to_us(law: _Setting) -> None:
    id_ = law.table.put("old")
    await law.name(id_)
    law.table.put("new", id_, version=1)
    law.link.epoch = "another life"
    assert await law.name(id_) == "new"


async def test_redis_away_costs_speed_and_no_answer() -> None:
    law = _Setting("unix:///nowhere/at/all.sock")
    id_ = law.table.put("one")
    try:
        assert [await law.name(id_) for _ in range(3)] == ["one"] * 3
        assert law.table.asked == 3
    finally:
        await law.link.close()
