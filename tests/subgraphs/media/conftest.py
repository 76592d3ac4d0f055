"""The media domain on real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from subgraphs.media.app import DOMAIN
from subgraphs.media.serving import cdn
from tests.subgraphs.harness import Harness, open_harness, settings_for


@pytest.fixture(autouse=True)
def _cdn_may_take_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a purge is acknowledged later than a mutation waits for it."""
    monkeypatch.setattr(cdn, "_PROMPT", 60.0)


@pytest.fixture(scope="session")
async def media(
    database_url: Callable[[str], str], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Harness]:
    settings = settings_for(database_url("media"), redis_url, tmp_path_factory.mktemp("media"))
    async with open_harness(DOMAIN, settings) as harness:
        yield harness
