"""Purges of what a CDN keeps: pending until it acknowledges them, and none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from subgraphs.kit.database.reads import Read
from subgraphs.media.library.repository import LibraryRepository
from subgraphs.media.library.service import Changes, Library
from subgraphs.media.models import Purge
from subgraphs.media.serving.cdn import CdnAway, HttpCdn, Purges
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.acting import do, raw, upload


class _Cdn:
    """Away until it is back."""

    def __init__(self) -> None:
        self.away = True
        self.forgot: list[str] = []
        self.asked = asyncio.Event()

    async def purge(self, keys: Sequence[str]) -> None:
        self.asked.set()
        if self.away:
            raise CdnAway("no route")
        self.forgot += keys


class _Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def timestamp(self) -> float:
        return self.now().timestamp()


async def test_a_purge_is_pending_until_the_cdn_acknowledges_and_none_is_lost(media: Harness) -> None:
    owner, cdn, clock, database = uuid4(), _Cdn(), _Clock(), media.resources.database
    purges = Purges(database, clock, cdn)
    services = media.service.runtime.services
    library = Library(media.resources, LibraryRepository(database), purges, services.media.let_go)
    one, other = raw(await upload(media, owner)), raw(await upload(media, owner))
    private = raw(await upload(media, owner, "PRIVATE"))
    assert (await library.update(owner, one, Changes(caption="Still public"))).purged is None
    assert (await library.trash(owner, [private])).purged is None
    assert (await library.update(owner, one, Changes(visibility="PRIVATE"))).purged is False
    cdn.away = False
    assert (await library.trash(owner, [other])).purged is True
    assert cdn.forgot == [f"media-{other.hex}"]
    clock.ahead = timedelta(minutes=1)
    job = asyncio.create_task(purges.run())
    purges.nudge()
    while await database.rows(Read(select(Purge))):  # noqa: ASYNC110 - the state that is waited for
        await asyncio.sleep(0.01)
    job.cancel()
    await asyncio.wait([job])  # it may have a connection: its database is closed by the fixture
    assert cdn.forgot == [f"media-{other.hex}", f"media-{one.hex}"]


async def test_the_cdn_is_asked_by_surrogate_keys_over_http(media: Harness) -> None:
    seen: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        status = b"200 OK" if b"/good" in seen[-1] else b"503 Away"
        writer.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await HttpCdn(f"{origin}/good", "PURGE", "sesame").purge(["a", "b"])
        with pytest.raises(CdnAway):
            await HttpCdn(f"{origin}/bad").purge(["a"])
    request = seen[0].decode().lower()
    assert request.startswith("purge /good")
    for header in ("surrogate-key: a b", "fastly-key: sesame", "authorization: bearer sesame"):
        assert f"\r\n{header}\r\n" in request
    assert seen[1].startswith(b"POST /bad")
    with pytest.raises(CdnAway):
        await HttpCdn(f"{origin}/good").purge(["a"])


async def test_narrowing_a_public_picture_without_a_cdn_has_nothing_to_purge(media: Harness) -> None:
    owner = uuid4()
    answer = await do(
        media, owner, "updateAsset", "purge", id=await upload(media, owner), visibility="PRIVATE"
    )
    assert answer == {"purge": None, "userErrors": []}
