"""Processes are killed in the middle of uploads, on disk and on S3: what was acknowledged is there, nothing else is left."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from media_core.storage import ObjectStore, object_store
from subgraphs.kit.database.reads import Read
from subgraphs.kit.domain.resources import Resources, open_resources
from subgraphs.media.components import Components
from subgraphs.media.models import METADATA, TABLES, MediaFile, UploadSession
from tests.media_core.s3_server import ACCESS_KEY, SECRET_KEY, s3_server
from tests.subgraphs.harness import METRICS, settings_for
from tests.subgraphs.media.bench import bench, stored_keys
from tests.subgraphs.media.uploads.uploading_process import FIRST_OWNER

_KILLS = int(os.environ.get("KILLS", "4"))
"""More by hand: each costs about a second."""


@pytest.fixture(params=["disk", "s3"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "disk":
        yield str(tmp_path / "objects")
        return
    with s3_server(tmp_path / "s3") as host:
        key = f"{ACCESS_KEY}:{quote(SECRET_KEY, safe='')}"
        yield f"s3://{key}@{host}/bucket/{secrets.token_hex(4)}"


@pytest.fixture
async def resources(
    database_url: Callable[[str], str], redis_url: str, tmp_path: Path
) -> AsyncIterator[Resources]:
    """A database that no service works on meanwhile."""
    settings = settings_for(database_url("scratch"), redis_url, tmp_path)
    async with open_resources("media", settings, TABLES, METRICS) as opened:
        async with opened.database.engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)
        yield opened


async def test_what_was_acknowledged_is_there_and_nothing_else_is_left(
    resources: Resources, address: str, tmp_path: Path
) -> None:
    settings, journal = resources.settings, tmp_path / "journal"
    given = [settings.database_url, settings.redis_url, str(tmp_path), address, str(journal), str(_KILLS)]
    seed = 11 if address.startswith("s3") else 12
    command = [sys.executable, "-m", "tests.subgraphs.media.uploads.uploading_process", *given, str(seed)]
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0
    told = [line.split() for line in journal.read_text().splitlines()]
    assert {kind for kind, _ in told} >= {"stored", "received"}
    store = object_store(address)
    await store.start()
    components = await bench(resources, store)
    await _time_passes(resources, components)
    await _check_acknowledged(resources, told)
    await _check_objects(resources, store, seed)
    await store.close()


async def _time_passes(resources: Resources, components: Components) -> None:
    """Claims, leases and sessions of the dead run out, and each job has its turn."""
    past = resources.clock.now() - timedelta(hours=1)
    async with resources.database.write() as tx:
        for change in (
            "UPDATE blob_claims SET expires_at = :past",
            "UPDATE upload_sessions SET updated_at = :past, leased_until = :past WHERE lease IS NOT NULL",
            "UPDATE upload_sessions SET updated_at = :past, expires_at = :past",
        ):
            await tx.session.execute(text(change), {"past": past})
    while await components.lifecycle.finish_waiting():
        pass
    await components.lifecycle.end_uploads()
    await components.collector.collect()
    await components.collector.scan()


async def _check_acknowledged(resources: Resources, told: list[list[str]]) -> None:
    database = resources.database
    gone = {name for kind, name in told if kind == "deleting"}
    there = {row.id.hex for row in await database.rows(Read(select(MediaFile))) if row.deleted_at is None}
    assert {name for kind, name in told if kind == "stored"} - gone - there == set()
    sessions = {row.id: row.status for row in await database.rows(Read(select(UploadSession)))}
    received = [UUID(hex=name) for kind, name in told if kind == "received"]
    assert {sessions[session] for session in received} == {"DONE"}


async def _check_objects(resources: Resources, store: ObjectStore, seed: int) -> None:
    """Exactly the three objects of each content that a file has, and none of an upload."""
    rows = await resources.database.rows(Read(select(MediaFile)))
    alive = {row.blob for row in rows if row.blob and row.owner_id.int // FIRST_OWNER == seed}
    expected = {f"{blob}{name}" for blob in alive for name in ("original", "1/full.jpeg", "1/small.webp")}
    keys = await stored_keys(store)
    assert {re.sub(r"/\d+/(\w+\.\w+)$", r"/1/\1", key) for key in keys} == expected
    assert await stored_keys(store, "uploads/") == []
