"""What one process of a domain knows of its outbox, where another is at it as well."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from subgraphs.kit.cache import Cache
from subgraphs.kit.events import Publisher
from subgraphs.kit.redis import RedisLink
from tests.subgraphs.harness import METRICS, Harness


async def test_what_another_process_has_sent_waits_no_longer(shop: Harness, redis_url: str) -> None:
    ours, publisher = shop.resources, shop.resources.publisher
    other = RedisLink(redis_url)
    cache = Cache("shop", other, METRICS, ours.clock)
    ours.redis._closed_until = float("inf")  # for this process alone
    try:
        async with ours.database.write() as tx:
            tx.emit("shop.product_changed", uuid4(), {})
            tx.forget("handle", "ada")
        while not publisher.age():  # noqa: ASYNC110 - PostgreSQL sets no event of ours
            await asyncio.sleep(0.01)
        assert await publisher.behind()
        another = Publisher(ours.database, other, cache, METRICS, ours.tracer)
        while await publisher.behind():
            await another.publish_batch()
        await publisher.publish_batch()
        assert publisher.age() == 0.0
    finally:
        ours.redis._closed_until = 0.0
        await other.close()
