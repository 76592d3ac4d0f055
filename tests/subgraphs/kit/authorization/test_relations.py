"""How two people stand to each other, whoever asks, and what Redis knows better than the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import insert

from subgraphs.kit.authorization.relations import BLOCK, FOLLOW, Relation, Relations, notify_relation
from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database.database import Database
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.media.models import TABLES

_LESS, _GREATER = UUID(int=1), UUID(int=2)


@pytest.fixture
async def link(redis_url: str) -> AsyncIterator[RedisLink]:
    link = RedisLink(redis_url)
    yield link
    await link.close()


def _cache(link: RedisLink, *, reading: bool = True) -> Cache:
    service, metrics = f"relations-{uuid4().hex[:8]}", Metrics(CollectorRegistry())
    return Cache(service, link, metrics, SystemClock(), reading=reading)


def _relations(database: Database, link: RedisLink, *, reading: bool = True) -> Relations:
    return Relations(database, _cache(link, reading=reading), Metrics(CollectorRegistry()))


async def _add(database: Database, user: UUID, other: UUID, kind: str) -> None:
    async with database.engine.begin() as connection:
        edge = {"user_id": user, "other_id": other, "kind": kind, "since": SystemClock().now()}
        await connection.execute(insert(TABLES.relation_edges).values(**edge))


@pytest.mark.parametrize("reading", [True, False])
@pytest.mark.parametrize(("viewer", "other"), [(_LESS, _GREATER), (_GREATER, _LESS)])
@pytest.mark.parametrize(
    ("edges", "seen"),
    [
        ([("viewer", FOLLOW)], Relation(following=True)),
        ([("other", FOLLOW)], Relation(followed_by=True)),
        ([("viewer", BLOCK)], Relation(blocking=True)),
        ([("other", BLOCK), ("viewer", FOLLOW)], Relation(following=True, blocked_by=True)),
    ],
)
async def test_an_edge_is_seen_from_both_its_ends(
    database: Database,
    link: RedisLink,
    viewer: UUID,
    other: UUID,
    edges: list[tuple[str, str]],
    seen: Relation,
    *,
    reading: bool,
) -> None:
    for whose, kind in edges:
        pair = (viewer, other) if whose == "viewer" else (other, viewer)
        await _add(database, *pair, kind)
    relations = _relations(database, link, reading=reading)
    for _ in range(2):  # from the database, and from Redis
        assert await relations.between(viewer, [viewer, other, UUID(int=3)]) == {other: seen}


@pytest.mark.parametrize("reading", [True, False])
async def test_a_change_told_by_redis_is_seen_before_the_database_has_it(
    database: Database, link: RedisLink, *, reading: bool
) -> None:
    viewer, other = uuid4(), uuid4()
    relations = _relations(database, link, reading=reading)
    assert await relations.between(viewer, [other]) == {}
    assert await relations.apart(viewer) is not reading
    async with database.write() as tx:
        notify_relation(tx, viewer, other, BLOCK, held=True)
    await _cache(link).bury([], tx.notices)
    assert await relations.between(viewer, [other]) == {other: Relation(blocking=True)}
    assert await relations.between(other, [viewer]) == {viewer: Relation(blocked_by=True)}
    assert await relations.apart(viewer)
    assert await relations.apart(other)


async def test_a_block_keeps_two_apart(database: Database, link: RedisLink) -> None:
    viewer, other = uuid4(), uuid4()
    await _add(database, viewer, other, BLOCK)
    relations = _relations(database, link)
    assert [await relations.apart(who) for who in (viewer, other, uuid4(), None)] == [
        True,
        True,
        False,
        False,
    ]
