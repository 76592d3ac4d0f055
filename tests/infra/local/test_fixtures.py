"""The servers that tests share."""

from __future__ import annotations

from collections.abc import Callable

from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from infra.domains import DOMAINS


async def test_each_domain_has_a_database_of_its_own(database_url: Callable[[str], str]) -> None:
    found = []
    for domain in (*DOMAINS, "scratch"):
        engine = create_async_engine(database_url(domain))
        async with engine.connect() as connection:
            found.append((await connection.execute(text("SELECT current_database(), current_user"))).one())
        await engine.dispose()
    assert found == [(f"lets_connect_{domain}",) * 2 for domain in (*DOMAINS, "scratch")]


async def test_the_cache_keeps_streams_and_drops_only_what_may_expire(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        wanted = ("appendonly", "maxmemory-policy", "port")
        assert {name: (await client.config_get(name))[name] for name in wanted} == {
            "appendonly": "yes",
            "maxmemory-policy": "volatile-lru",
            "port": "0",
        }
