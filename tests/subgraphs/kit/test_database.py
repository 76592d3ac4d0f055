"""What becomes of the database's errors: a server that is away, a text it cannot hold, and the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database import Database
from subgraphs.kit.errors import BadInput, Unavailable
from subgraphs.kit.metrics import Metrics
from subgraphs.shop.models import TABLES


@pytest.fixture
async def database(database_url: Callable[[str], str]) -> AsyncIterator[Database]:
    metrics = Metrics(CollectorRegistry())
    opened = Database("shop", database_url("shop"), TABLES, pool=1, metrics=metrics, clock=SystemClock())
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("57P03", Unavailable),  # the database system is starting up
        ("57P01", Unavailable),  # terminating connection due to administrator command
        ("53300", Unavailable),  # too many connections
        ("22021", BadInput),
        ("P0001", DBAPIError),
    ],
)
async def test_an_error_of_the_server_is_told_by_its_state(
    database: Database, state: str, error: type[Exception]
) -> None:
    statement = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(error):
        await database.tuples(text(statement))
    await database.check()
