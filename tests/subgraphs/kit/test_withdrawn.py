"""Marks on what was made less visible."""

from __future__ import annotations

from uuid import uuid4

from subgraphs.kit.redis import RedisLink
from subgraphs.kit.withdrawn import Withdrawals


async def test_a_mark_is_seen_until_it_is_taken_away(redis_url: str) -> None:
    link = RedisLink(redis_url)
    withdrawals, one, two = Withdrawals(link), uuid4(), uuid4()
    asked = [("Post", one), ("Post", two), ("Product", one)]
    try:
        assert await withdrawals.among([]) == frozenset()
        assert await withdrawals.among(asked) == frozenset()
        await withdrawals.set("Post", one, withdrawn=True)
        assert await withdrawals.among(asked) == {("Post", one)}
        await withdrawals.set("Post", one, withdrawn=False)
        assert await withdrawals.among(asked) == frozenset()
    finally:
        await link.close()


async def test_without_redis_nothing_is_marked_and_nothing_fails() -> None:
    link = RedisLink("redis://127.0.0.1:1/0")
    withdrawals, one = Withdrawals(link), uuid4()
    await withdrawals.set("Post", one, withdrawn=True)
    assert await withdrawals.among([("Post", one)]) == frozenset()
    await link.close()
