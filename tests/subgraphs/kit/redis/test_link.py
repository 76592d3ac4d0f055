"""The connections to Redis, beside what goes over them."""

from __future__ import annotations

import asyncio
from importlib import metadata

import pytest

from subgraphs.kit.redis.link import RedisLink


async def test_connections_that_many_need_at_once_are_made_without_a_look_at_the_disk(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = RedisLink(redis_url)
    looked: list[str] = []

    def version(name: str) -> str:
        looked.append(name)
        return "0"

    monkeypatch.setattr(metadata, "version", version)
    try:
        assert all(await asyncio.gather(*(link.client.ping() for _ in range(5))))
        assert link.idle() > 1
    finally:
        await link.close()
    assert looked == []
