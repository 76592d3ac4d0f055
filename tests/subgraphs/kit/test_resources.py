"""What a domain opens when it starts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from subgraphs.kit.domain.resources import open_resources
from subgraphs.kit.errors import Unavailable
from subgraphs.media.models import TABLES
from tests.subgraphs.harness import METRICS, settings_for


@contextlib.asynccontextmanager
async def _silent_at_first(redis_url: str, place: Path, times: int) -> AsyncIterator[str]:
    """The URL of a Redis that takes so many connections without a word, and then is the real one."""
    password, _, real = redis_url.removeprefix("unix://").rpartition("@")
    taken = 0
    writers: list[asyncio.StreamWriter] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        taken += 1
        writers.append(writer)
        if taken > times:
            its_reader, its_writer = await asyncio.open_unix_connection(real)
            writers.append(its_writer)
            await asyncio.gather(_pass(reader, its_writer), _pass(its_reader, writer))

    async with await asyncio.start_unix_server(talk, place) as server:
        try:
            yield f"unix://{password}@{quote(str(place))}"
        finally:
            server.close()
            for writer in writers:
                writer.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
        writer.close()


async def test_a_server_that_is_slow_once_does_not_end_the_start(
    database_url: Callable[[str], str], redis_url: str, tmp_path: Path
) -> None:
    async with _silent_at_first(redis_url, tmp_path / "r", 1) as slow:
        settings = settings_for(database_url("scratch"), slow, tmp_path)
        async with open_resources("media", settings, TABLES, METRICS) as resources:
            assert await resources.redis.client.ping()


async def test_a_server_that_stays_away_does(
    database_url: Callable[[str], str], redis_url: str, tmp_path: Path
) -> None:
    settings = settings_for(database_url("scratch"), f"unix://{tmp_path}/none", tmp_path)
    with pytest.raises(Unavailable, match="cache"):
        async with open_resources("media", settings, TABLES, METRICS):
            pass
