"""As many pictures are in work as may be; others wait in turn, and what finds no room to wait is told to come again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from media_core import Limits
from media_core.storage import DiskStore, ObjectInfo, ObjectSource
from subgraphs.kit.clock import uuid7
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.errors import RateLimited
from subgraphs.media.limits.concurrency import InWork
from subgraphs.media.models import MediaFile
from subgraphs.media.processing.ingest import Given, Ingest
from subgraphs.media.processing.pipeline import Pipeline
from subgraphs.media.repository import MediaRepository
from subgraphs.media.storage.originals import Originals
from subgraphs.media.storage.staging import Staging
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.bench import bench, instant, picture


async def test_those_that_find_no_room_wait_in_the_order_they_came_and_the_rest_come_again() -> None:
    in_work, told = InWork(most=2, waiting=2), list[str]()
    ends = [asyncio.Event() for _ in range(5)]

    async def work(number: int) -> None:
        try:
            async with in_work.place():
                told.append(f"{number} in")
                await ends[number].wait()
                told.append(f"{number} out")
        except RateLimited as limited:
            told.append(f"{number} comes again in {limited.retry_after} s")

    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(work(number))
        for _ in range(10):
            await asyncio.sleep(0)
        for end in ends:
            end.set()
    assert told == [
        "0 in", "1 in", "4 comes again in 2 s", "0 out", "1 out", "2 in", "2 out", "3 in", "3 out"
    ]  # fmt: skip


async def test_who_goes_while_waiting_or_fails_at_work_takes_no_place_along() -> None:
    in_work = InWork(most=1, waiting=1)

    async def wait() -> None:
        async with in_work.place():
            raise AssertionError("two were let in")

    async def fail() -> None:
        async with in_work.place():
            waits = asyncio.create_task(wait())
            await asyncio.sleep(0)
            waits.cancel()
            await asyncio.wait([waits])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with in_work.place():
        pass


async def test_no_more_pictures_are_made_and_stored_at_a_time_than_may_be_in_work(
    media: Harness, tmp_path: Path
) -> None:
    at_once, most = 0, 0

    class Store(DiskStore):
        async def put(
            self, key: str, source: ObjectSource, *, content_type: str = "application/octet-stream"
        ) -> ObjectInfo:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            try:
                return await super().put(key, source, content_type=content_type)
            finally:
                at_once -= 1

    components = await bench(media.resources, Store(tmp_path), instant)
    rows = await asyncio.gather(
        *(components.media.upload(uuid4(), picture(b"picture %d" % n)) for n in range(24))
    )
    assert len({row.id for row in rows}) == 24
    assert 1 < most <= media.resources.settings.storage.pictures_at_once


async def test_pictures_that_are_made_at_one_moment_are_counted_one_by_one(
    media: Harness, tmp_path: Path
) -> None:
    counted = list[str]()
    resources, store = media.resources, DiskStore(tmp_path / "objects")
    staging = Staging(tmp_path / "uploads", 1 << 20)
    staging.start()
    pipeline = Pipeline(store, Originals(store, staging), Limits(max_bytes=1 << 20), instant)
    ingest = Ingest(resources, MediaRepository(resources.database), pipeline)

    async def finish(tx: Transaction, row: MediaFile) -> None:
        counted.append("begins")
        for _ in range(20):  # long enough for another's
            await tx.session.execute(select(1))
        counted.append("ends")

    async def upload(number: int) -> None:
        async with staging.staged(picture(b"picture %d" % number).file) as staged:
            await ingest.take(Given(uuid7(), uuid4(), "PUBLIC"), staged, finish)

    await asyncio.gather(*(upload(number) for number in range(8)))
    assert counted == ["begins", "ends"] * 8
