"""Waiting until what a product's domains tell one another has arrived everywhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
from redis.asyncio import Redis
from sqlalchemy.engine import make_url

from infra.domains import DOMAINS
from infra.local import LocalServers

__all__ = ["until_events_have_arrived"]


def until_events_have_arrived(home: Path) -> None:
    """Returns when no outbox and no stream of the product that runs in ``home`` holds anything that is still to be done."""
    asyncio.run(_until_events_have_arrived(home))


async def _until_events_have_arrived(home: Path) -> None:
    servers = await LocalServers.attach(home, DOMAINS)
    async with asyncio.timeout(240), Redis.from_url(servers.redis_url, decode_responses=True) as redis:
        # What is handled may tell of something itself: so twice.
        while await _unsent(servers) or await _unhandled(redis) or await _unsent(servers):  # noqa: ASYNC110 - other processes
            await asyncio.sleep(0.05)


async def _unsent(servers: LocalServers) -> int:
    """Events that wait in outboxes."""
    unsent = 0
    for domain in DOMAINS:
        parts = make_url(servers.database_url(domain))
        connection = await asyncpg.connect(
            host=str(parts.query["host"]),
            user=parts.username,
            password=parts.password,
            database=parts.database,
        )
        try:
            unsent += await connection.fetchval("SELECT count(*) FROM outbox WHERE sent_at IS NULL")
        finally:
            await connection.close()
    return unsent


async def _unhandled(redis: Redis) -> int:
    """Streams of which somebody has still to hear something, or is at it."""
    unhandled = 0
    async for stream in redis.scan_iter("events:*"):
        newest = (await redis.xinfo_stream(stream))["last-generated-id"]
        groups = await redis.xinfo_groups(stream)
        unhandled += any(group["pending"] or group["last-delivered-id"] != newest for group in groups)
    return unhandled
