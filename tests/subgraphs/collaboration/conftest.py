"""The collaboration domain on real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from subgraphs.collaboration.app import DOMAIN
from tests.subgraphs.harness import Harness, open_harness, settings_for


@pytest.fixture(scope="session")
async def collaboration(
    database_url: Callable[[str], str], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Harness]:
    settings = settings_for(
        database_url("collaboration"), redis_url, tmp_path_factory.mktemp("collaboration")
    )
    async with open_harness(DOMAIN, settings) as harness:
        yield harness
