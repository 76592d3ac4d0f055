"""When a process believes Redis, and how long one waits that could not tell Redis what it wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import MetaData, text, update

from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.cache.trust import TRUST_SECONDS, Trust
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database.database import Database, counted_statements
from subgraphs.kit.database.models import SharedTables
from subgraphs.kit.database.transaction import Notice, Tombstone
from subgraphs.kit.events.publisher import Publisher
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import Tracer

_METADATA = MetaData(schema="trust")
_TABLES = SharedTables(_METADATA)
"""A domain's that no service publishes, as whatever other tests have started does once a second: in a database of their own, as
those who publish take turns in one."""


@dataclass
class _Time:
    """Passes where a writer waits, and what happens then."""

    now: float = 100.0
    meanwhile: list[Callable[[], Awaitable[object]]] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        self.now += seconds
        if self.meanwhile:
            await self.meanwhile.pop(0)()


@dataclass
class _Domain:
    database: Database
    time: _Time

    def process(self) -> Trust:
        return Trust(self.database, lambda: self.time.now, self.time.pause)

    async def write(self) -> list[int]:
        """The numbers of what repeats a tombstone."""
        async with self.database.write() as tx:
            tx.forget("handle", "ada")
        return tx.repeats

    async def send_all(self) -> None:
        """As a publisher of another process does."""
        async with self.database.write() as tx:
            await tx.session.execute(update(_TABLES.outbox).values(sent_at=tx.now))


class _Slow(Cache):
    """Something happens while the first tombstone is stored."""

    def __init__(self, link: RedisLink, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__("shop", link, Metrics(CollectorRegistry()), SystemClock())
        self._meanwhile = [meanwhile]

    async def bury(
        self, tombstones: Sequence[Tombstone], notices: Sequence[Notice] = (), *, repeated: bool = False
    ) -> bool:
        while self._meanwhile:
            await self._meanwhile.pop()()
        return await super().bury(tombstones, notices, repeated=repeated)


@pytest.fixture
async def domain(database_url: Callable[[str], str]) -> AsyncIterator[_Domain]:
    metrics = Metrics(CollectorRegistry())
    database = Database(
        "shop", database_url("scratch"), _TABLES, pool=2, metrics=metrics, clock=SystemClock()
    )
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA IF EXISTS trust CASCADE"))
        await connection.execute(text("CREATE SCHEMA trust"))
        await connection.run_sync(_METADATA.create_all)
    domain = _Domain(database, _Time())
    yield domain
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA trust CASCADE"))
    await database.close()


async def test_redis_is_believed_from_a_look_on_and_for_as_long_as_it_may_be(domain: _Domain) -> None:
    reader = domain.process()
    assert not reader.held()
    assert (await reader.look()).waiting is False
    held = [reader.held()]
    domain.time.now += TRUST_SECONDS * 0.9
    held.append(reader.held())
    domain.time.now += TRUST_SECONDS * 0.1
    assert [*held, reader.held()] == [True, True, False]


async def test_what_waits_and_was_stored_keeps_nobody_from_believing(domain: _Domain) -> None:
    reader = domain.process()
    await domain.write()
    assert (await reader.look()).waiting
    assert (reader.held(), await reader.missing()) == (True, False)


async def test_a_writer_whose_tombstone_is_missing_waits_until_nobody_believes_redis(domain: _Domain) -> None:
    reader, writer = domain.process(), domain.process()
    await reader.look()
    began = domain.time.now
    domain.time.meanwhile = [reader.look] * 100
    await writer.regained(await domain.write())
    assert TRUST_SECONDS <= domain.time.now - began < TRUST_SECONDS + 0.2
    assert (reader.held(), await reader.missing()) == (False, True)


async def test_it_waits_no_longer_than_until_another_process_has_sent_it(domain: _Domain) -> None:
    reader, writer = domain.process(), domain.process()
    began = domain.time.now
    domain.time.meanwhile = [reader.look, domain.send_all]
    await writer.regained(await domain.write())
    assert domain.time.now - began == pytest.approx(0.2)
    await reader.look()
    assert reader.held()


async def test_one_that_was_sent_before_it_could_be_marked_is_not_waited_for(domain: _Domain) -> None:
    repeats = await domain.write()
    await domain.send_all()
    began = domain.time.now
    await domain.process().regained(repeats)
    assert domain.time.now == began


async def test_while_an_older_one_is_missing_nobody_waits_and_it_costs_two_statements(
    domain: _Domain,
) -> None:
    writer = domain.process()
    await writer.regained(await domain.write())
    repeats, began = await domain.write(), domain.time.now
    with counted_statements() as statements:
        await writer.regained(repeats)
    assert (domain.time.now, len(statements)) == (began, 2)
    await domain.send_all()
    await writer.regained(await domain.write())
    assert domain.time.now >= began + TRUST_SECONDS, "the older one was sent, and Redis was believed since"


async def test_who_sends_the_older_one_believes_redis_not_before_the_next_was_sent_too(
    domain: _Domain, redis_url: str
) -> None:
    reader, writer = domain.process(), domain.process()

    async def write() -> None:
        began = domain.time.now
        await writer.regained(await domain.write())
        assert domain.time.now == began, "nobody believed Redis"

    await writer.regained(await domain.write())
    link, metrics = RedisLink(redis_url), Metrics(CollectorRegistry())
    publisher = Publisher(domain.database, link, _Slow(link, write), reader, metrics, Tracer("shop", None))
    assert (await publisher.publish_batch(), reader.held()) == (1, False)
    assert (await publisher.publish_batch(), reader.held()) == (1, True)
    await link.close()


async def test_with_the_database_away_as_well_it_waits_as_long_as_redis_is_believed_and_answers(
    domain: _Domain,
) -> None:
    nowhere = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"
    metrics = Metrics(CollectorRegistry())
    away = Database("shop", nowhere, _TABLES, pool=1, metrics=metrics, clock=SystemClock())
    repeats, began = await domain.write(), domain.time.now
    await Trust(away, lambda: domain.time.now, domain.time.pause).regained(repeats)
    assert TRUST_SECONDS <= domain.time.now - began < TRUST_SECONDS + 0.2
    await away.close()
