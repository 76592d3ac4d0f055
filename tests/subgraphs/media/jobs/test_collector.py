"""Contents are stored once, counted by owner, and removed when nobody has them; never while an upload needs them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Uuid, update
from sqlmodel import col, select

from media_core.storage import DiskStore
from subgraphs.kit.database.reads import Read, given
from subgraphs.kit.errors import RateLimited, Rejected
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.media.components import Components, components_on
from subgraphs.media.models import BlobClaim, BlobReference, MediaFile, StorageQuota
from subgraphs.media.readers import Reader
from subgraphs.media.storage.blobs import Blobs, ClaimLost
from subgraphs.media.storage.keys import edit_in, new_blob, original_key, rendition_key
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.bench import bench, delete, editing_on, picture, stored_keys


@pytest.fixture
async def stores(media: Harness, tmp_path: Path) -> AsyncIterator[Components]:
    store = DiskStore(tmp_path / "objects")
    await store.start()
    made = await bench(media.resources, store)
    await made.collector.mark()
    yield made
    await store.close()


async def _usage(media: Harness, owner: UUID) -> tuple[int, int]:
    stored = Read(select(StorageQuota).where(StorageQuota.owner_id == given("owner", Uuid)))
    row = await media.resources.database.row(stored, owner=owner)
    return (row.bytes, row.files) if row else (0, 0)


async def test_a_content_is_stored_once_and_goes_with_the_last_file_that_has_it(
    media: Harness, stores: Components
) -> None:
    one, other = uuid4(), uuid4()
    rows = [await stores.media.upload(owner, picture(b"same")) for owner in (one, one, other)]
    keys = await stored_keys(stores.store)
    assert [key.rpartition("/")[2] for key in keys] == ["full.jpeg", "small.webp", "original"]
    assert {row.blob for row in rows} == {keys[-1].removesuffix("original")}
    assert (await _usage(media, one), await _usage(media, other)) == ((4, 2), (4, 1))
    for row in rows:
        assert await stored_keys(stores.store) == keys
        await delete(media.resources, stores, row)
        await stores.collector.collect()
    assert await stored_keys(stores.store) == []
    assert (await _usage(media, one), await _usage(media, other)) == ((0, 0), (0, 0))
    again = await stores.media.upload(one, picture(b"same"))
    assert again.blob not in {row.blob for row in rows}


async def test_what_is_claimed_stays_until_the_claim_runs_out(media: Harness, stores: Components) -> None:
    database = media.resources.database
    blobs = Blobs(database)
    async with database.write() as tx:
        claim = await blobs.claim(tx, "ab" * 32, 3)
    await stores.store.put(original_key(claim.blob), b"abc")
    await stores.collector.collect()
    assert await stored_keys(stores.store) == [original_key(claim.blob)]
    async with database.write() as tx:
        past = update(BlobClaim).where(col(BlobClaim.id) == claim.id).values(expires_at=tx.now)
        await tx.session.execute(past)
    await stores.collector.collect()
    assert await stored_keys(stores.store) == []
    with pytest.raises(ClaimLost):
        async with database.write() as tx:
            await blobs.settle(tx, claim, uuid4())
    await stores.store.put(original_key(claim.blob), b"late")
    assert await stores.collector.scan() == 1
    assert await stored_keys(stores.store) == []


async def test_a_blob_that_an_upload_is_about_to_claim_is_passed_over(
    media: Harness, stores: Components
) -> None:
    database, owner = media.resources.database, uuid4()
    blobs = Blobs(database)
    row = await stores.media.upload(owner, picture(b"wanted again"))
    await delete(media.resources, stores, row)
    async with database.write() as uploading:
        claim = await blobs.claim(uploading, row.sha256, row.bytes)
        await stores.collector.collect()
    await stores.collector.collect()
    async with database.write() as tx:
        assert await blobs.settle(tx, claim, owner) is True
    assert original_key(claim.blob) in await stored_keys(stores.store)


async def test_uploads_deletions_and_collections_at_once_lose_nothing_and_leave_nothing(
    media: Harness, stores: Components
) -> None:
    """Few contents and many hands, so that the same blob is let go and wanted again all the time."""
    fate = random.Random(7)  # noqa: S311 - reproducible, not secret
    owners = [uuid4(), uuid4()]
    kept: list[MediaFile] = []
    done = asyncio.Event()

    async def hand() -> None:
        for _ in range(12):
            row = await stores.media.upload(fate.choice(owners), picture(bytes([fate.randrange(3)]) * 9))
            if fate.random() < 0.85:
                await delete(media.resources, stores, row)
            else:
                kept.append(row)

    async def collection() -> None:
        while not done.is_set():
            await stores.collector.collect()
            await stores.collector.scan()

    collecting = [asyncio.create_task(collection()) for _ in range(2)]
    await asyncio.gather(*(hand() for _ in range(6)))
    done.set()
    await asyncio.gather(*collecting)
    await stores.collector.collect()
    await stores.collector.scan()
    left = {row.blob for row in kept}
    assert {key[: key.index("/", 75) + 1] for key in await stored_keys(stores.store)} == left
    for row in kept:
        assert await stores.store.exists(original_key(row.blob or ""))
    references = await media.resources.database.rows(Read(select(BlobReference)))
    assert sum(r.count for r in references if r.blob in left) == len(kept)


async def test_a_store_that_another_database_fills_is_left_alone(media: Harness, stores: Components) -> None:
    key = original_key(new_blob("cd" * 32))
    await stores.store.put(key, b"another's")
    await stores.store.put("store-identity", uuid4().hex.encode())
    await stores.collector.mark()
    assert await stores.collector.scan() == 0
    assert await stored_keys(stores.store) == [key]


async def test_nothing_is_removed_within_the_grace(media: Harness, stores: Components) -> None:
    row = await stores.media.upload(uuid4(), picture(b"graceful"))
    await delete(media.resources, stores, row)
    patient = await components_on(media.resources, stores.store, grace=timedelta(hours=1))
    assert await patient.collector.collect() == 0
    assert len(await stored_keys(stores.store)) == 3


async def test_what_was_made_for_an_edit_goes_once_no_picture_is_shown_so(
    media: Harness, stores: Components
) -> None:
    one, other = [await stores.media.upload(uuid4(), picture(b"edited")) for _ in range(2)]
    readers = [Reader(Viewer(id=row.owner_id)) for row in (one, other)]
    editing = editing_on(media.resources, stores)
    await editing.rotate(readers[0], one.id, 90)
    await editing.focus(readers[1], other.id, (0.1, 0.2))
    edits = ("", "r1", "r2", "f100x200", "f300x400", "r1f100x200")
    for edit in edits:
        await stores.store.put(rendition_key(one.place, "small-square", "webp", 1, edit), b"made")

    async def left() -> list[str]:
        await stores.collector.scan()
        return sorted({edit_in(key) for key in await stored_keys(stores.store, one.place)})

    assert await left() == ["", "f100x200", "r1"]
    await editing.focus(readers[1], other.id, None)
    assert await left() == ["", "r1"]
    await delete(media.resources, stores, one)
    assert await left() == [""]
    assert await stores.store.exists(original_key(other.place))


async def test_edits_of_one_person_are_counted(media: Harness, stores: Components) -> None:
    row = await stores.media.upload(uuid4(), picture(b"edited often"))
    most = media.resources.settings.library.edits_an_hour
    await media.resources.limiter.hit(f"edits:{row.owner_id.hex}", most, 3600, count=most - 1)
    reader = Reader(Viewer(id=row.owner_id))
    editing = editing_on(media.resources, stores)
    await editing.focus(reader, row.id, (0.1, 0.2))
    for edit in (editing.rotate(reader, row.id, 90), editing.focus(reader, row.id, None)):
        with pytest.raises(RateLimited):
            await edit


async def test_a_quota_holds_however_many_uploads_come_at_once(media: Harness, stores: Components) -> None:
    owner = uuid4()
    async with media.resources.database.write() as tx:
        tx.session.add(StorageQuota(owner_id=owner, max_bytes=10, max_files=3))
    uploads = [stores.media.upload(owner, picture(bytes([at]) * 4)) for at in range(5)]
    answers = await asyncio.gather(*uploads, return_exceptions=True)
    refused = [a for a in answers if isinstance(a, Rejected)]
    assert {r.errors[0].code.value for r in refused} == {"QUOTA_EXCEEDED"}
    assert (len(refused), await _usage(media, owner)) == (3, (8, 2))
    last = await stores.media.upload(owner, picture(b"zz"))
    assert await _usage(media, owner) == (10, 3)
    with pytest.raises(Rejected, match="3 files"):
        await stores.media.upload(owner, picture(b"y"))
    await delete(media.resources, stores, last)
    assert await _usage(media, owner) == (8, 2)
