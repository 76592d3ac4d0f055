"""What time does: received uploads are finished, late ones expire, the trash is emptied."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from media_core import PoolBusy, Processed
from media_core.storage import DiskStore
from subgraphs.kit.database.reads import Read
from subgraphs.kit.errors import RateLimited, Rejected
from subgraphs.kit.graph.relay import to_global
from subgraphs.media.components import Components
from subgraphs.media.models import MediaFile, UploadSession
from subgraphs.media.storage.keys import session_prefix
from subgraphs.media.uploads.service import Begin
from tests.subgraphs.harness import Harness, sign
from tests.subgraphs.media.bench import bench, instant, picture, stored_keys


class _Busy:
    """A pool whose queue is full at first."""

    def __init__(self, times: int) -> None:
        self.times = times

    async def __call__(self, *given: Any) -> Processed:
        if self.times:
            self.times -= 1
            raise PoolBusy(3)
        return await instant(*given)


@pytest.fixture
async def store(tmp_path: Path) -> DiskStore:
    made = DiskStore(tmp_path / "objects")
    await made.start()
    return made


async def _body(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _set(media: Harness, session: UUID, **values: datetime) -> None:
    async with media.resources.database.write() as tx:
        change = update(UploadSession).where(col(UploadSession.id) == session).values(**values)
        await tx.session.execute(change)


async def _status(components: Components, session: UploadSession) -> str:
    return (await components.uploads.find(session.owner_id, session.id)).status


async def test_what_was_received_while_all_were_busy_is_finished_later(
    media: Harness, store: DiskStore
) -> None:
    components = await bench(media.resources, store, _Busy(1))
    with pytest.raises(RateLimited) as limited:
        await components.media.upload(uuid4(), picture(b"at once"))
    assert limited.value.retry_after == 3
    busy = await bench(media.resources, store, _Busy(1))
    session = await busy.uploads.begin(uuid4(), Begin("TUS", 7, "PUBLIC"))
    session = await busy.uploads.append(session, _body(b"in time"))
    assert await busy.uploads.finish(session) is None
    assert await _status(busy, session) == "RECEIVED"
    past = media.resources.clock.now() - timedelta(minutes=1)
    await _set(media, session.id, leased_until=past, expires_at=past)
    await busy.lifecycle.end_uploads()
    await busy.lifecycle.finish_waiting()
    assert await _status(busy, session) == "DONE"


async def test_who_has_the_lease_finishes_alone(media: Harness, store: DiskStore) -> None:
    components = await bench(media.resources, store)
    session = await components.uploads.begin(uuid4(), Begin("TUS", 4, "PUBLIC"))
    session = await components.uploads.append(session, _body(b"once"))
    made = await asyncio.gather(*(components.uploads.finish(session) for _ in range(4)))
    assert len([row for row in made if row is not None]) == 1
    owned = Read(select(MediaFile).where(MediaFile.owner_id == session.owner_id))
    assert len(await media.resources.database.rows(owned)) == 1


async def test_an_upload_that_is_aborted_while_it_is_finished_makes_no_picture(
    media: Harness, store: DiskStore
) -> None:
    working, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*given: Any) -> Processed:
        working.set()
        await go_on.wait()
        return await instant(*given)

    components = await bench(media.resources, store, slow)
    session = await components.uploads.begin(uuid4(), Begin("TUS", 4, "PUBLIC"))
    session = await components.uploads.append(session, _body(b"stop"))
    finishing = asyncio.create_task(components.uploads.finish(session))
    await working.wait()
    await components.uploads.abort(session)
    go_on.set()
    assert await finishing is None
    assert await _status(components, session) == "ABORTED"
    await components.lifecycle.end_uploads()
    await components.collector.collect()
    assert await stored_keys(store) == []
    assert await stored_keys(store, session_prefix(session.id)) == []


async def test_each_stage_is_told_while_it_lasts(media: Harness, store: DiskStore) -> None:
    heard = {stage: asyncio.Event() for stage in ("LISTENING", "DECODE", "ENCODE")}
    told: list[tuple[str, str | None]] = []

    async def staged(source: Any, spec: Any, tell: Any) -> Processed:
        for stage in ("total", "decode", "encode"):
            await asyncio.to_thread(tell, stage)
            if stage != "total":
                await heard[stage.upper()].wait()
        return await instant(source)

    async def listen(session: UploadSession) -> None:
        query = "subscription ($i: ID!) { uploadProgress(id: $i) { status stage } }"
        given = {"i": to_global("UploadSession", session.id)}
        headers = {"authorization": sign("media", session.owner_id)}
        async for answer in media.service.subscribe(query, given, None, headers):
            seen = answer["data"]["uploadProgress"]
            told.append((seen["status"], seen["stage"]))
            heard.get(seen["stage"] or "LISTENING", asyncio.Event()).set()

    components = await bench(media.resources, store, staged)
    session = await components.uploads.begin(uuid4(), Begin("TUS", 4, "PUBLIC"))
    session = await components.uploads.append(session, _body(b"told"))
    hearing = asyncio.create_task(listen(session))
    await heard["LISTENING"].wait()
    assert await components.uploads.finish(session) is not None
    await hearing
    stages = [stage for status, stage in told if status == "RECEIVED" and stage]
    assert stages[:2] == ["DECODE", "ENCODE"]
    assert (told[0], told[-1]) == (("RECEIVED", None), ("DONE", None))


async def test_a_late_upload_expires_with_its_bytes_and_is_forgotten_after_a_week(
    media: Harness, store: DiskStore
) -> None:
    components = await bench(media.resources, store)
    session = await components.uploads.begin(uuid4(), Begin("TUS", 9, "PUBLIC"))
    session = await components.uploads.append(session, _body(b"half"))
    assert len(await stored_keys(store, session_prefix(session.id))) == 1
    now = media.resources.clock.now()
    await _set(media, session.id, expires_at=now - timedelta(seconds=1))
    await components.lifecycle.end_uploads()
    assert await _status(components, session) == "EXPIRED"
    assert await stored_keys(store, session_prefix(session.id)) == []
    await _set(media, session.id, cleared_at=now - timedelta(days=8))
    await components.lifecycle.end_uploads()
    with pytest.raises(Rejected):
        await components.uploads.find(session.owner_id, session.id)


async def test_the_trash_is_emptied_of_what_lay_there_long_enough(media: Harness, store: DiskStore) -> None:
    components = await bench(media.resources, store)
    rows = [await components.media.upload(uuid4(), picture(content)) for content in (b"old", b"new")]
    now = media.resources.clock.now()
    for row, days in zip(rows, (31, 29), strict=True):
        async with media.resources.database.write() as tx:
            thrown = update(MediaFile).where(col(MediaFile.id) == row.id)
            await tx.session.execute(thrown.values(trashed_at=now - timedelta(days=days)))
    await components.lifecycle.empty_trash()
    await components.collector.collect()
    left = {key.rsplit("/", 1)[0] for key in await stored_keys(store) if key.endswith("original")}
    assert left == {rows[1].place.rstrip("/")}
