"""Pictures by their addresses: versions, parts, formats made on the fly, and what a CDN keeps."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image
from sqlmodel import select

from media_core import PIPELINE_VERSION
from media_core.storage import DiskStore
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database.reads import Read
from subgraphs.kit.serving.doors import Doors
from subgraphs.media.models import MediaFile
from subgraphs.media.readers import NOBODY, Reader
from subgraphs.media.serving.addresses import Addresses, Origins
from subgraphs.media.serving.images import ImageDoor
from subgraphs.media.serving.rendering import Renderer
from subgraphs.media.serving.renditions import Renditions
from subgraphs.media.storage.keys import original_key, rendition_key
from subgraphs.media.storage.originals import Originals
from subgraphs.media.storage.staging import Staging
from tests.media_core.photographs import encoded, pixels
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.acting import raw, small_picture, upload
from tests.subgraphs.media.bench import Far

_make = Renderer(1 << 20, 1 << 20)

_WHOLE = "query ($i: ID!) { mediaFile(id: $i) { url originalUrl thumbnailUrl image(size: LARGE, format: JPEG) { url } } }"


@pytest.fixture(scope="module")
async def http(media: Harness) -> AsyncIterator[httpx.AsyncClient]:
    runtime = media.service.runtime
    app = Doors(runtime.routes, runtime.swift)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://media") as client:
        yield client


async def _addresses(media: Harness, who: UUID, picture: str) -> Any:
    return (await media.ask(_WHOLE, {"i": picture}, who))["mediaFile"]


async def _row(media: Harness, picture: str) -> MediaFile:
    row = await media.resources.database.row(Read(select(MediaFile).where(MediaFile.id == raw(picture))))
    assert row is not None
    return row


def _noise(side: int) -> bytes:
    """A picture that does not compress: large as a file."""
    out = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(out, "PNG")
    return out.getvalue()


async def test_an_answer_says_for_how_long_it_holds_and_nothing_is_run_from_it(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner = uuid4()
    public = httpx.URL((await _addresses(media, owner, await upload(media, owner)))["thumbnailUrl"])
    private = (await _addresses(media, owner, await upload(media, owner, "PRIVATE")))["thumbnailUrl"]
    hashed, _, _ = public.params["v"].rpartition("-")
    answers = {
        "versioned": await http.get(public),
        "plain": await http.get(public.copy_with(query=None)),
        "earlier pipeline": await http.get(public.copy_set_param("v", f"{hashed}-0")),
        "another version": await http.get(public.copy_set_param("v", f"{'0' * 16}-{PIPELINE_VERSION}")),
        "private": await http.get(private),
    }
    assert {name: (a.status_code, a.headers["cache-control"]) for name, a in answers.items()} == {
        "versioned": (200, "public, max-age=31536000, immutable"),
        "plain": (200, "public, max-age=0, must-revalidate"),
        "earlier pipeline": (200, "public, max-age=0, must-revalidate"),
        "another version": (404, "no-store"),
        "private": (200, "private, max-age=60"),
    }
    for answer in answers.values():
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert "surrogate-key" not in answer.headers


async def test_a_part_is_answered_as_a_part(media: Harness, http: httpx.AsyncClient) -> None:
    owner = uuid4()
    url = (await _addresses(media, owner, await upload(media, owner)))["url"]
    whole = await http.get(url)
    size, etag = len(whole.content), whole.headers["etag"]
    part = await http.get(url, headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, whole.content[2:6])
    assert part.headers["content-range"] == f"bytes 2-5/{size}"
    assert part.headers["etag"] == etag
    changed = await http.get(url, headers={"range": "bytes=2-5", "if-range": '"another"'})
    assert (changed.status_code, changed.content) == (200, whole.content)
    several = await http.get(url, headers={"range": "bytes=0-1,4-5"})
    assert (several.status_code, several.content) == (200, whole.content)
    told = await http.head(url, headers={"range": "bytes=2-5"})
    assert (told.status_code, told.headers["content-length"], told.content) == (200, str(size), b"")
    outside = await http.get(url, headers={"range": f"bytes={size}-"})
    assert (outside.status_code, outside.headers["content-range"]) == (416, f"bytes */{size}")
    head = await http.head(url)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(size))
    known = await http.get(url, headers={"if-none-match": f"W/{etag}"})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", etag)


async def test_a_large_original_is_streamed_whole_and_in_parts(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner, data = uuid4(), _noise(900)
    assert len(data) > 1 << 20
    url = (await _addresses(media, owner, await upload(media, owner, data=data)))["originalUrl"]
    whole = await http.get(url)
    assert whole.content == data
    assert whole.headers["content-disposition"].startswith("attachment; filename=")
    part = await http.get(url, headers={"range": "bytes=-100000"})
    assert (part.status_code, part.content) == (206, data[-100_000:])


async def test_a_client_names_the_format_or_leaves_it_to_accept(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner = uuid4()
    picture = await upload(media, owner)
    base = f"/images/{raw(picture).hex}/small"

    async def answered(extension: str, accept: str = "") -> tuple[int, str | None, str | None]:
        answer = await http.get(f"{base}.{extension}", headers={"accept": accept})
        kind = answer.headers["content-type"] if answer.status_code == 200 else None
        return answer.status_code, kind, answer.headers.get("vary")

    assert await answered("auto", "image/png,image/webp;q=0.9") == (200, "image/png", "Accept")
    assert await answered("auto", "image/webp,*/*") == (200, "image/webp", "Accept")
    assert await answered("jpg", "image/png") == (200, "image/jpeg", None)
    assert [(await answered(e))[0] for e in ("gif", "svg", "bmp", "webp.webp", "")] == [404] * 5
    paths = [
        "/images/x/small.webp",
        f"/images/{raw(picture).hex}/huge.webp",
        f"/images/{raw(picture).hex}/original.png",
    ]
    assert [(await http.get(path)).status_code for path in paths] == [404] * 3


async def _door(
    media: Harness, store: DiskStore, picture: str, *, cdn: bool = False, **given: Any
) -> httpx.AsyncClient:
    """The door on a store of the test's own."""
    from subgraphs.kit.cache.rows import RowCache
    from subgraphs.media.models import MEDIA
    from subgraphs.media.repository import MediaRepository
    from subgraphs.media.serving.snapshots import Snapshots

    resources = media.resources
    rows = RowCache(
        resources.cache, MEDIA, MediaFile, MediaRepository(resources.database).by_ids, resources.metrics
    )

    async def sees(row: MediaFile, reader: Reader) -> bool:
        return False

    staging = Staging(store.root.parent / "uploads", 1 << 20)
    await asyncio.to_thread(staging.start)
    originals = Originals(store, staging)
    door = ImageDoor(
        Snapshots(rows),
        media.service.runtime.services.addresses,
        Renditions(store, originals, memory=1 << 20, **{"flights": 4, "make": _make, **given}),
        sees,
        surrogate_keys=cdn,
    )
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(door), base_url=f"http://media/images/{raw(picture).hex}/"
    )


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DiskStore]:
    made = DiskStore(tmp_path / "objects")
    await made.start()
    yield made
    await made.close()


async def test_a_format_is_made_once_however_many_ask_and_kept(media: Harness, store: DiskStore) -> None:
    picture = await upload(media, uuid4())
    row = await _row(media, picture)
    await store.put(original_key(row.place), small_picture())
    made = []

    async def counted(*given: Any) -> Any:
        made.append(given[2:])
        return await _make(*given)

    async with await _door(media, store, picture, make=counted) as client:
        answers = await asyncio.gather(*(client.get("small.png") for _ in range(8)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.content for a in answers}) == 1
    assert len(made) == 1
    assert await store.read(rendition_key(row.place, "small", "png")) == answers[0].content


@pytest.mark.parametrize("kind", [DiskStore, Far])
async def test_a_format_is_made_of_a_file_wherever_the_store_is(
    media: Harness, tmp_path: Path, kind: type[DiskStore]
) -> None:
    picture, store = await upload(media, uuid4()), kind(tmp_path / "objects")
    await store.put(original_key((await _row(media, picture)).place), small_picture())
    given: list[Any] = []

    async def noted(original: Any, *more: Any) -> Any:
        given.append((isinstance(original, Path), await asyncio.to_thread(original.read_bytes)))
        return await _make(original, *more)

    async with await _door(media, store, picture, make=noted) as client:
        answer = await client.get("small.png")
    left = await asyncio.to_thread(lambda: list((tmp_path / "uploads").iterdir()))
    assert (answer.status_code, given, left) == (200, [(True, small_picture())], [])


async def test_an_animation_moves_where_it_is_asked_to(media: Harness, http: httpx.AsyncClient) -> None:
    frames = [Image.new("RGB", (500, 300), colour) for colour in ("red", "green", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=70)
    query = """query ($i: ID!) { mediaFile(id: $i) { animation(size: SMALL) { url width height format }
      metadata { frames } blurhash palette { hex } } }"""
    picture, still = await upload(media, uuid4(), data=data), await upload(media, uuid4())
    found = (await media.ask(query, {"i": picture}))["mediaFile"]
    assert found["metadata"] == {"frames": 3}
    assert {c["hex"][1:3] for c in found["palette"]} & {"fe", "ff"}
    assert len(found["blurhash"]) >= 6
    shown = pixels((await http.get(found["animation"]["url"])).content)
    assert (shown.size, getattr(shown, "n_frames", 1), shown.format) == ((400, 240), 3, "WEBP")
    assert (found["animation"]["width"], found["animation"]["height"]) == (400, 240)
    name = f"/images/{raw(picture).hex}/small-moving"
    assert (await http.get(f"{name}.auto")).headers["content-type"] == "image/webp"
    assert [(await http.get(f"{name}.{e}")).status_code for e in ("gif", "png", "avif")] == [404] * 3
    assert (await media.ask(query, {"i": still}))["mediaFile"]["animation"] is None
    assert (await http.get(f"/images/{raw(still).hex}/small-moving.webp")).status_code == 404


async def test_more_than_may_be_made_at_a_time_is_refused_with_when_to_come_again(
    media: Harness, store: DiskStore
) -> None:
    picture = await upload(media, uuid4())
    await store.put(original_key((await _row(media, picture)).place), small_picture())
    refused = asyncio.Event()

    async def held(*given: Any) -> Any:
        await refused.wait()
        return await _make(*given)

    async with await _door(media, store, picture, flights=1, make=held) as client:
        asked = [asyncio.create_task(client.get(f"{size}.png")) for size in ("small", "large")]
        (first,), (other,) = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        assert ((await first).status_code, (await first).headers["retry-after"]) == (429, "2")
        refused.set()
        assert (await other).status_code == 200
        assert {(await client.get(f"{size}.png")).status_code for size in ("small", "large")} == {200}


async def test_what_an_earlier_pipeline_made_is_served_while_it_is_made_anew(
    media: Harness, store: DiskStore
) -> None:
    picture = await upload(media, uuid4())
    row, later = await _row(media, picture), PIPELINE_VERSION + 1
    await store.put(original_key(row.place), small_picture())
    await store.put(rendition_key(row.place, "small", "png"), b"earlier")
    async with await _door(media, store, picture, pipeline=later) as client:
        stale = await client.get("small.png")
        assert stale.content == b"earlier"
        assert stale.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=86400"
        while not await store.exists(rendition_key(row.place, "small", "png", later)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        fresh = await client.get("small.png", headers={"if-none-match": stale.headers["etag"]})
        assert (
            (await client.get("full.png")).headers["cache-control"].endswith("must-revalidate")
        )  # made at once
    assert (fresh.status_code, fresh.headers["content-type"]) == (200, "image/png")
    assert fresh.content != b"earlier"


async def test_a_large_picture_is_served_as_an_earlier_pipeline_or_another_owner_had_it_made(
    media: Harness, store: DiskStore
) -> None:
    data = _noise(900)
    picture = await upload(media, uuid4(), data=data)
    row = await _row(media, picture)
    full, later = row.variants["full"]["format"], PIPELINE_VERSION + 1
    assert row.variants["full"]["bytes"] > 1 << 20
    await store.put(original_key(row.place), data)
    earlier, anew = b"earlier" * 200_000, rendition_key(row.place, "full", full, later)
    await store.put(rendition_key(row.place, "full", full), earlier)
    async with await _door(media, store, picture, pipeline=later) as client:
        stale = await client.get(f"full.{full}")
        assert (stale.status_code, stale.content == earlier) == (200, True)
        assert stale.headers["content-length"] == str(len(earlier))
        assert stale.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=86400"
        while not await store.exists(anew):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        fresh = await client.get(f"full.{full}")
        assert fresh.content == await store.read(anew)
        assert fresh.headers["etag"] != stale.headers["etag"]
        await store.delete(anew)
        await store.delete(rendition_key(row.place, "full", full))
        made = await client.head(f"full.{full}")
        assert (made.status_code, made.headers["etag"]) == (200, fresh.headers["etag"])
        longer = await store.read(anew) + b"more"
        await store.put(anew, longer)
        assert (await client.get(f"full.{full}")).content == longer


async def test_a_picture_that_is_not_there_is_not_found_and_a_store_that_is_away_says_so(
    media: Harness, store: DiskStore
) -> None:
    picture = await upload(media, uuid4())
    async with await _door(media, store, picture) as client:
        assert (await client.get("small.webp")).status_code == 404
        assert (await client.get("full.png")).status_code == 404


async def test_an_address_signed_under_the_key_before_holds_and_under_any_other_not(media: Harness) -> None:
    row = await _row(media, await upload(media, uuid4(), "PRIVATE"))
    old, new, foreign = b"old" * 20, b"new" * 20, b"foreign" * 10
    reader = Reader.named(row.owner_id.hex)
    assert reader is not None

    def made(*secrets: bytes) -> Addresses:
        return Addresses(secrets, Origins(), SystemClock())

    def query(address: str) -> dict[str, str]:
        return dict(httpx.URL(address).params)

    signed = {name: made(key).of(row, "small", "webp", reader) for name, key in (("old", old), ("new", new))}
    rotated = made(new, old)
    assert rotated.of(row, "small", "webp", reader) == signed["new"]
    assert [rotated.reader(row, "small.webp", query(a)) for a in signed.values()] == [reader, reader]
    assert made(new).reader(row, "small.webp", query(signed["old"])) is None
    assert rotated.reader(row, "small.webp", query(made(foreign).of(row, "small", "webp", reader))) is None


async def test_only_public_pictures_have_addresses_at_the_cdn(media: Harness, store: DiskStore) -> None:
    owner = uuid4()
    public, private = await upload(media, owner), await upload(media, owner, "PRIVATE")
    origins = Origins("https://connect.example.org", "https://cdn.example.org/")
    addresses = Addresses([b"s" * 32], origins, SystemClock())
    found = [
        addresses.of(await _row(media, p), "small", "webp", NOBODY).partition("/images/")[0]
        for p in (public, private)
    ]
    assert found == ["https://cdn.example.org", "https://connect.example.org"]
    row = await _row(media, public)
    assert addresses.of(row, "original", row.format, NOBODY).startswith("https://connect.example.org/")
    await store.put(rendition_key(row.place, "small", "webp"), b"picture")
    async with await _door(media, store, public, cdn=True) as client:
        answer = await client.get("small.webp")
    key = f"media-{row.id.hex}"
    assert (answer.headers["surrogate-key"], answer.headers["cache-tag"]) == (key, key)
