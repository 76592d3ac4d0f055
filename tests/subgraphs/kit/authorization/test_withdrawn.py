"""Marks on what was made less visible."""

from __future__ import annotations

from uuid import UUID, uuid4

from prometheus_client import CollectorRegistry

from subgraphs.kit.authorization.withdrawn import Withdrawals, withdraw
from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.transaction import Notice
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics


def _cache(link: RedisLink) -> Cache:
    return Cache("media", link, Metrics(CollectorRegistry()), SystemClock())


async def _mark(database: Database, post: UUID, version: int, *, withdrawn: bool) -> list[Notice]:
    """Written, and not yet told."""
    async with database.write() as tx:
        withdraw(tx, "Post", post, version=version, withdrawn=withdrawn)
    return tx.notices


async def test_a_mark_is_seen_until_it_is_taken_away(database: Database, redis_url: str) -> None:
    link = RedisLink(redis_url)
    cache, one, two = _cache(link), uuid4(), uuid4()
    withdrawals, asked = Withdrawals(cache), [("Post", one), ("Post", two), ("Product", one)]
    assert await withdrawals.since([]) == {}
    assert await withdrawals.since(asked) == {}
    first = await _mark(database, one, 2, withdrawn=True)
    await cache.bury([], first)
    assert await withdrawals.since(asked) == {("Post", one): 2}
    second = await _mark(database, one, 3, withdrawn=False)
    await cache.bury([], second)
    assert await withdrawals.among(asked) == frozenset()
    await cache.bury([], first, repeated=True)
    assert await withdrawals.among(asked) == frozenset(), "what is repeated late tells nothing"
    await link.close()


async def test_without_redis_nothing_is_marked_and_nothing_fails(database: Database) -> None:
    link = RedisLink("redis://127.0.0.1:1/0")
    cache, one = _cache(link), uuid4()
    assert not await cache.bury([], await _mark(database, one, 2, withdrawn=True))
    assert await Withdrawals(cache).among([("Post", one)]) == frozenset()
    await link.close()
