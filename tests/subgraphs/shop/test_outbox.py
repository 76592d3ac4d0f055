"""What one process of a domain knows of its outbox, where another is at it as well."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.cache.trust import Trust
from subgraphs.kit.events.publisher import Publisher
from subgraphs.kit.redis.link import RedisLink
from tests.subgraphs.harness import METRICS, Harness


async def test_what_another_process_has_sent_waits_no_longer(shop: Harness, redis_url: str) -> None:
    ours, publisher = shop.resources, shop.resources.publisher
    other = RedisLink(redis_url)
    cache, trust = Cache("shop", other, METRICS, ours.clock), Trust(ours.database)

    async def write() -> None:
        async with ours.database.write() as tx:
            tx.emit("shop.product_changed", uuid4(), {})
            tx.forget("handle", "ada")

    ours.redis._closed_until = float("inf")  # for this process alone
    writing = asyncio.create_task(write())
    try:
        while not publisher.age() or not await trust.missing():  # noqa: ASYNC110 - PostgreSQL sets no event of ours
            await asyncio.sleep(0.01)
        assert not writing.done(), "whoever can reach Redis may not know yet"
        another = Publisher(ours.database, other, cache, trust, METRICS, ours.tracer)
        while await trust.missing():
            await another.publish_batch()
        await writing
        await publisher.publish_batch()
        assert publisher.age() == 0.0
    finally:
        ours.redis._closed_until = 0.0
        writing.cancel()
        await other.close()
