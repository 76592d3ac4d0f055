"""Reads and writes of one database, and what becomes of its errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from asyncpg import Connection, PostgresError
from prometheus_client import CollectorRegistry
from sqlalchemy import Integer, func, literal, select, text

from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database.database import Database, counted_statements
from subgraphs.kit.database.reads import Read, given
from subgraphs.kit.errors import BadInput, Unavailable
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.shop.models import TABLES

_LONG = Read(select(func.pg_sleep(60)))
"""Until it is cancelled."""


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


@pytest.fixture
def patience() -> float:
    """More than any of these tests takes."""
    return 60.0


@pytest.fixture
async def database(
    database_url: Callable[[str], str], metrics: Metrics, patience: float
) -> AsyncIterator[Database]:
    opened = Database(
        "shop",
        database_url("shop"),
        TABLES,
        pool=1,
        patience=patience,
        metrics=metrics,
        clock=SystemClock(),
    )
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("57P03", Unavailable),  # the database system is starting up
        ("57P01", Unavailable),  # terminating connection due to administrator command
        ("53300", Unavailable),  # too many connections
        ("22021", BadInput),
        ("P0001", PostgresError),
    ],
)
async def test_an_error_of_the_server_is_told_by_its_state(
    database: Database, state: str, error: type[Exception]
) -> None:
    statement = Read(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"))
    with pytest.raises(error):
        await database.rows(statement)
    await database.check()


async def test_a_write_is_told_of_the_servers_errors_in_the_same_way(database: Database) -> None:
    raising = text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '57P03'; END $$")
    with pytest.raises(Unavailable):
        async with database.write() as tx:
            await tx.session.execute(raising)
    await database.check()


async def test_a_lost_connection_costs_a_read_nothing(database: Database) -> None:
    pid = Read(select(func.pg_backend_pid()))
    ((before,),) = await database.rows(pid)
    async with database.write() as tx:
        await tx.session.execute(select(func.pg_terminate_backend(before)))
    ((after,),) = await database.rows(pid)
    assert after != before


async def test_a_read_is_planned_once_whatever_it_is_given(database: Database) -> None:
    given_back = Read(select(given("number", Integer) + 1))
    plans = Read(text("SELECT sum(custom_plans) FROM pg_prepared_statements WHERE statement LIKE '%+ 1%'"))
    assert [(await database.rows(given_back, number=n))[0][0] for n in range(3)] == [1, 2, 3]
    assert [tuple(row) for row in await database.rows(plans)] == [(0,)]


async def test_a_cancelled_read_leaves_its_connection_to_the_next(database: Database) -> None:
    pid = Read(select(func.pg_backend_pid()))
    ((before,),) = await database.rows(pid)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await database.rows(_LONG)
    assert [tuple(row) for row in await database.rows(pid)] == [(before,)]


@pytest.mark.parametrize("patience", [0.1])
async def test_who_gets_no_connection_is_told_that_the_database_is_away(database: Database) -> None:
    async with database.write() as tx:
        await tx.session.execute(select(literal(1)))
        with pytest.raises(Unavailable):
            async with database.write() as other:
                await other.session.execute(select(literal(1)))
    slow = asyncio.create_task(database.rows(_LONG))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await database.rows(_LONG)
    slow.cancel()
    await asyncio.wait([slow])


async def test_what_is_urgent_waits_for_no_connection(database: Database) -> None:
    slow = asyncio.create_task(database.rows(_LONG))
    await asyncio.sleep(0)
    assert len(await database.rows(Read(select(literal(1)), urgent=True))) == 1
    assert not slow.done()
    slow.cancel()
    await asyncio.wait([slow])


async def test_more_readers_than_connections_take_turns(database: Database) -> None:
    pid = Read(select(func.pg_backend_pid()))
    pids = await asyncio.gather(*(database.rows(pid) for _ in range(10)))
    assert len({row[0] for rows in pids for row in rows}) == 1


async def test_reads_and_writes_count_as_statements_and_are_timed(
    database: Database, metrics: Metrics
) -> None:
    with counted_statements() as statements:
        await database.rows(Read(select(literal(1))))
        async with database.write() as tx:
            await tx.session.execute(text("WITH one AS (SELECT 1) SELECT * FROM one"))
    assert statements == ["SELECT 1 AS anon_1", "WITH one AS (SELECT 1) SELECT * FROM one"]
    timed = {
        labels["db_operation_name"]: int(value)
        for metric in metrics.database_duration.collect()
        for name, labels, value, *_ in metric.samples
        if name.endswith("_count") and value
    }
    assert timed == {"SELECT": 1, "WITH": 1}


async def test_a_write_that_outlives_the_database_leaves_no_connection_open(
    database_url: Callable[[str], str], metrics: Metrics
) -> None:
    left = Database("shop", database_url("shop"), TABLES, pool=1, metrics=metrics, clock=SystemClock())
    async with left.write() as tx:
        connection = (await (await tx.session.connection()).get_raw_connection()).driver_connection
        assert isinstance(connection, Connection)
        await left.close()
        assert not connection.is_closed()
    assert connection.is_closed()
