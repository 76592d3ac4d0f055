"""What tests of several of the kit's packages ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from prometheus_client import CollectorRegistry

from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database.database import Database
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.media.models import METADATA, TABLES


@pytest.fixture
async def database(database_url: Callable[[str], str]) -> AsyncIterator[Database]:
    """The scratch database, as media's: with all of its tables, empty."""
    metrics = Metrics(CollectorRegistry())
    opened = Database("media", database_url("scratch"), TABLES, pool=1, metrics=metrics, clock=SystemClock())
    async with opened.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield opened
    async with opened.engine.begin() as connection:
        await connection.run_sync(METADATA.drop_all)
    await opened.close()
