"""Nothing of an upload is where it could be served before the scanner called it clean."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from media_core.storage import DiskStore
from subgraphs.kit.errors import Rejected, Unavailable
from subgraphs.media.components import Components
from subgraphs.media.processing.scanning import ClamScanner, ScannerAway
from subgraphs.media.uploads.service import Begin
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.bench import bench, picture, stored_keys
from tests.subgraphs.media.processing.clamd import EICAR, clamd

_CLEAN = b"a clean picture"


async def _components(media: Harness, folder: Path, url: str) -> Components:
    store = DiskStore(folder / "objects")
    await store.start()
    settings = media.resources.settings
    scanned = replace(settings, storage=replace(settings.storage, scanner_url=url))
    return await bench(replace(media.resources, settings=scanned), store)


async def test_a_clean_file_is_taken_and_another_leaves_nothing(media: Harness, tmp_path: Path) -> None:
    async with clamd() as url:
        components = await _components(media, tmp_path, url)
        with pytest.raises(Rejected) as refused:
            await components.media.upload(uuid4(), picture(b"GIF89a" + EICAR))
        assert [e.code.value for e in refused.value.errors] == ["MALWARE"]
        assert await stored_keys(components.store, "") == []
        await components.media.upload(uuid4(), picture(_CLEAN))
        assert len(await stored_keys(components.store)) == 3


async def test_while_the_scanner_is_away_nothing_is_taken_and_what_was_received_waits(
    media: Harness, tmp_path: Path
) -> None:
    async with clamd() as url:
        pass
    components = await _components(media, tmp_path, url)
    with pytest.raises(Unavailable, match="file scanner"):
        await components.media.upload(uuid4(), picture(_CLEAN))
    session = await components.uploads.begin(uuid4(), Begin("TUS", len(_CLEAN), "PUBLIC"))

    async def body() -> AsyncIterator[bytes]:
        yield _CLEAN

    session = await components.uploads.append(session, body())
    assert await components.uploads.finish(session) is None
    assert await stored_keys(components.store) == []
    waiting = await components.uploads.find(session.owner_id, session.id)
    assert waiting.status == "RECEIVED"
    await components.uploads.abort(session)


async def test_what_is_no_verdict_is_no_clean_one(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(3 << 20))
    async with clamd(limit=1 << 20) as url:
        with pytest.raises(ScannerAway):
            await ClamScanner(url).scan(file)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    path = tmp_path / "clamd.sock"
    async with await asyncio.start_unix_server(silent, path):
        with pytest.raises(ScannerAway):
            await ClamScanner(f"unix://{path}", seconds=0.2).scan(file)
