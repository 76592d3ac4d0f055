"""What an earlier pipeline made is made anew, once; what has no sizes is tried again and again; none keeps others waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col

from media_core import PIPELINE_VERSION, Processed
from media_core.storage import DiskStore
from subgraphs.media.components import Components
from subgraphs.media.jobs.backfill import Backfill
from subgraphs.media.models import MediaFile
from subgraphs.media.repository import MediaRepository
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.bench import bench, instant, picture


async def _described(*given: object) -> Processed:
    return replace(await instant(*given), blurhash="LKO2", palette=((1, 2, 3), (4, 5, 6)))  # type: ignore[arg-type]


async def _set(media: Harness, ids: list[UUID], **values: object) -> None:
    async with media.resources.database.write() as tx:
        await tx.session.execute(update(MediaFile).where(col(MediaFile.id).in_(ids)).values(**values))


@pytest.fixture
async def components(media: Harness, tmp_path: Path) -> Components:
    return await bench(media.resources, DiskStore(tmp_path), _described)


@pytest.fixture
async def ids(media: Harness, components: Components) -> AsyncIterator[list[UUID]]:
    made = [(await components.media.upload(uuid4(), picture(uuid4().bytes))).id for _ in range(6)]
    yield made
    await _set(media, made, status="READY", pipeline=PIPELINE_VERSION)


async def test_pictures_of_an_earlier_pipeline_get_what_they_lack_and_films_stay(
    media: Harness, components: Components, ids: list[UUID]
) -> None:
    *pictures, film = ids
    await _set(media, ids, pipeline=PIPELINE_VERSION - 1, blurhash=None, palette=[])
    await _set(media, [film], milliseconds=1000)
    await components.backfill.step()
    await components.backfill.step()
    rows = {row.id: row for row in await MediaRepository(media.resources.database).by_ids(ids)}
    described = {
        (row.pipeline, row.status, row.blurhash, *row.palette) for row in map(rows.get, pictures) if row
    }
    assert described == {(PIPELINE_VERSION, "READY", "LKO2", 0x010203, 0x040506)}
    assert (rows[film].pipeline, rows[film].blurhash) == (PIPELINE_VERSION - 1, None)


async def test_a_picture_that_an_earlier_pipeline_made_is_no_twin_of_the_same_file_sent_again(
    media: Harness, components: Components, ids: list[UUID]
) -> None:
    owner, data = uuid4(), uuid4().bytes
    first = (await components.media.upload(owner, picture(data))).id
    await _set(media, [first], pipeline=PIPELINE_VERSION - 1, blurhash=None)
    again = await components.media.upload(owner, picture(data))
    assert (again.pipeline, again.blurhash) == (PIPELINE_VERSION, "LKO2")
    await _set(media, [first], pipeline=PIPELINE_VERSION)


async def test_those_that_fail_keep_no_others_from_their_turn(media: Harness, ids: list[UUID]) -> None:
    repository, tried = MediaRepository(media.resources.database), list[UUID]()

    async def fail(row: MediaFile) -> bool:
        tried.append(row.id)
        return False

    backfill = Backfill(media.resources, repository, fail)
    await _set(media, ids, pipeline=PIPELINE_VERSION - 1)
    for _ in range(4):
        await backfill.step()
    assert [one for one in tried if one in ids] == sorted(ids)
    tried.clear()
    await _set(media, ids, status="DEGRADED")
    for _ in range(2 * (await repository.backlog() // 4 + 1)):
        await backfill.step()
    assert sorted(one for one in tried if one in ids) == sorted(ids * 2)
