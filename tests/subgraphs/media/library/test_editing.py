"""Pictures turned and cropped as their owners want: everywhere, at once, and with nothing of the upload lost."""

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

from media_core import Limits, Picture, Processed
from media_core.storage import DiskStore
from subgraphs.kit.errors import RateLimited
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.serving.doors import Doors
from subgraphs.kit.settings import Storage
from subgraphs.media.library.editing import Editing
from subgraphs.media.limits.admission import Admission
from subgraphs.media.processing.pipeline import Pipeline
from subgraphs.media.readers import Reader
from subgraphs.media.repository import MediaRepository
from subgraphs.media.serving.cdn import Purges
from subgraphs.media.storage.keys import rendition_key
from subgraphs.media.storage.originals import Originals
from subgraphs.media.storage.staging import Staging
from tests.media_core.photographs import encoded, pixels
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.acting import do, raw, upload
from tests.subgraphs.media.bench import Far, bench, instant
from tests.subgraphs.media.bench import picture as given_file

_LOOK = """query ($i: ID!) { mediaFile(id: $i) { url originalUrl thumbnailUrl rotation focalPoint { x y }
  metadata { width height } small: image(size: SMALL, format: PNG) { url width height }
  square: image(size: THUMBNAIL, format: PNG, crop: SQUARE) { url width height } } }"""
_COLOURS = {"red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}


def _quarters() -> bytes:
    """Red, green / blue, white."""
    picture = Image.new("RGB", (400, 200))
    for n, colour in enumerate(_COLOURS):
        picture.paste(Image.new("RGB", (200, 100), colour), (n % 2 * 200, n // 2 * 100))
    return encoded(picture, "PNG")


@pytest.fixture(scope="module")
async def http(media: Harness) -> AsyncIterator[httpx.AsyncClient]:
    runtime = media.service.runtime
    app = Doors(runtime.routes, runtime.swift)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://media") as client:
        yield client


async def _look(media: Harness, picture: str, who: UUID | None = None) -> dict[str, Any]:
    found: dict[str, Any] = (await media.ask(_LOOK, {"i": picture}, who))["mediaFile"]
    return found


async def _corners(http: httpx.AsyncClient, address: str) -> list[str]:
    """The colours of a picture's quarters, row by row."""
    shown = Image.open(io.BytesIO((await http.get(address)).content)).convert("RGB")
    found = []
    for x, y in ((1, 1), (3, 1), (1, 3), (3, 3)):
        pixel: Any = shown.getpixel((shown.width * x // 4, shown.height * y // 4))
        found.append(
            min(_COLOURS, key=lambda n: sum(abs(a - b) for a, b in zip(_COLOURS[n], pixel, strict=True)))
        )
    return found


async def test_a_turn_shows_in_every_address_and_the_upload_stays(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner, data = uuid4(), _quarters()
    picture = await upload(media, owner, data=data)
    before = await _look(media, picture)
    answer = await do(media, owner, "rotateAsset", "media { rotation }", id=picture, degrees=90)
    assert answer == {"media": {"rotation": 90}, "userErrors": []}
    after = await _look(media, picture, owner)
    assert after["metadata"] == {"width": 200, "height": 400}
    assert after["small"]["width"] < after["small"]["height"]
    for name in ("url", "thumbnailUrl"):
        assert after[name] != before[name]
        assert await _corners(http, after[name]) == ["blue", "red", "white", "green"]
    assert await _corners(http, after["small"]["url"]) == ["blue", "red", "white", "green"]
    assert (await http.get(after["originalUrl"])).content == data
    kept = await http.get(
        before["thumbnailUrl"]
    )  # an address from before shows it as it is now, and is not kept
    assert await _corners(http, before["thumbnailUrl"]) == ["blue", "red", "white", "green"]
    assert kept.headers["cache-control"] == "public, max-age=0, must-revalidate"
    bare = f"/images/{raw(picture).hex}/small.png"
    known = (await http.get(bare)).headers["etag"]
    await do(media, owner, "rotateAsset", id=picture, degrees=0)
    assert await _look(media, picture) == before
    assert await _corners(http, before["url"]) == ["red", "green", "blue", "white"]
    assert (await http.get(bare, headers={"if-none-match": known})).status_code == 200


async def test_equal_content_of_others_and_later_uploads_of_ones_own_are_not_turned(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner, other, data = uuid4(), uuid4(), _quarters()
    picture, theirs = await upload(media, owner, data=data), await upload(media, other, data=data)
    await do(media, owner, "rotateAsset", id=picture, degrees=180)
    again = await upload(media, owner, data=data)
    for one in (theirs, again):
        assert await _corners(http, (await _look(media, one))["thumbnailUrl"]) == [*_COLOURS]
    assert await _corners(http, (await _look(media, picture))["thumbnailUrl"]) == [*reversed(_COLOURS)]


async def test_a_crop_is_around_the_point_and_the_point_turns_with_the_picture(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner = uuid4()
    picture = await upload(media, owner, data=_quarters())
    await do(media, owner, "setFocalPoint", id=picture, point={"x": 0.1, "y": 0.5})
    left = await _look(media, picture)
    assert left["focalPoint"] == {"x": 0.1, "y": 0.5}
    assert (left["square"]["width"], left["square"]["height"]) == (150, 150)
    assert await _corners(http, left["square"]["url"]) == ["red", "red", "blue", "blue"]
    await do(media, owner, "setFocalPoint", id=picture, point={"x": 1, "y": 0.5})
    right = await _look(media, picture)
    assert right["square"]["url"] != left["square"]["url"]
    assert right["url"] == left["url"]
    assert await _corners(http, right["square"]["url"]) == ["green", "green", "white", "white"]
    await do(media, owner, "rotateAsset", id=picture, degrees=270)
    turned = await _look(media, picture)
    assert turned["focalPoint"] == {"x": 0.5, "y": 0}
    assert await _corners(http, turned["square"]["url"]) == ["green", "white", "green", "white"]
    await do(media, owner, "setFocalPoint", id=picture)
    assert (await _look(media, picture))["focalPoint"] is None


async def test_every_crop_has_the_sides_that_were_promised(media: Harness, http: httpx.AsyncClient) -> None:
    picture = await upload(media, uuid4(), data=_quarters())
    crops = ("SQUARE", "PORTRAIT", "LANDSCAPE", "TALL", "WIDE")
    fields = [
        f"{c}: image(size: {s}, crop: {c}) {{ url width height bytes }}" for c in crops for s in ("SMALL",)
    ]
    query = (
        f"query ($i: ID!) {{ mediaFile(id: $i) {{ {' '.join(fields)} srcset(crop: WIDE, format: JPEG) }} }}"
    )
    found = (await media.ask(query, {"i": picture}))["mediaFile"]
    sources = [part.split() for part in found.pop("srcset").split(",")]
    assert [width for _, width in sources] == ["150w", "356w"]
    for crop, variant in found.items():
        shown = pixels((await http.get(variant["url"])).content)
        assert shown.size == (variant["width"], variant["height"]), crop
        assert variant["bytes"] is None
    sizes = {crop: (v["width"], v["height"]) for crop, v in found.items()}
    assert sizes == {
        "SQUARE": (200, 200),
        "PORTRAIT": (150, 200),
        "LANDSCAPE": (267, 200),
        "TALL": (112, 200),
        "WIDE": (356, 200),
    }


async def test_nothing_but_the_enumerated_crops_can_be_asked_for(
    media: Harness, http: httpx.AsyncClient
) -> None:
    picture = raw(await upload(media, uuid4())).hex
    names = (
        "small-round",
        "full-square",
        "original-square",
        "huge-square",
        "small-",
        "small-square-square",
        "-square",
    )
    asked = [f"/images/{picture}/{name}.png" for name in names] + [f"/images/{picture}/small-square.gif"]
    assert {(await http.get(address)).status_code for address in asked} == {404}
    assert (await http.get(f"/images/{picture}/small-square.auto")).headers["vary"] == "Accept"


async def test_only_its_owner_edits_a_picture_and_only_in_ways_that_make_sense(media: Harness) -> None:
    owner = uuid4()
    public, private = await upload(media, owner), await upload(media, owner, "PRIVATE")

    async def codes(who: UUID, name: str, **given: Any) -> list[tuple[str, list[str]]]:
        return [(e["code"], e["field"]) for e in (await do(media, who, name, **given))["userErrors"]]

    for picture in (public, private):
        assert await codes(uuid4(), "rotateAsset", id=picture, degrees=90) == [("NOT_FOUND", ["id"])]
        assert await codes(uuid4(), "setFocalPoint", id=picture) == [("NOT_FOUND", ["id"])]
        seen = (await media.ask(_LOOK, {"i": picture}, owner))["mediaFile"]
        assert (seen["rotation"], seen["focalPoint"]) == (0, None)
    for degrees in (45, 360, -90):
        assert await codes(owner, "rotateAsset", id=public, degrees=degrees) == [
            ("INVALID_INPUT", ["degrees"])
        ]
    assert await codes(owner, "setFocalPoint", id=public, point={"x": 0.5, "y": 1.01}) == [
        ("INVALID_INPUT", ["point"])
    ]


@pytest.mark.parametrize("kind", [DiskStore, Far])
async def test_a_picture_is_turned_from_a_file_in_the_place_of_an_upload(
    media: Harness, tmp_path: Path, kind: type[DiskStore]
) -> None:
    given: list[Picture] = []

    async def process(source: Picture, *more: object) -> Processed:
        given.append(source)
        return await instant(source, *more)

    resources, reader = media.resources, Reader(Viewer(id=uuid4()))
    components = await bench(resources, kind(tmp_path), process)
    row = await components.media.upload(reader.viewer.require(), given_file(b"a picture"))
    limits = Storage(uploads_at_once_each=1, uploads_waiting_each=0)
    admission, repository = Admission(limits), MediaRepository(resources.database)
    originals = Originals(components.store, Staging(tmp_path, 1 << 20))
    pipeline = Pipeline(components.store, originals, Limits(max_bytes=1 << 20), process)
    purges = Purges(resources.database, resources.clock, None)
    editing = Editing(resources, repository, pipeline, admission, purges)
    async with admission.slot(row.owner_id):
        with pytest.raises(RateLimited):
            await editing.rotate(reader, row.id, 90)
    assert (await editing.rotate(reader, row.id, 90)).turn == 1
    assert [isinstance(one, Path) for one in given] == [True, True]
    made = await components.store.read(rendition_key(row.place, "full", "jpeg", edit="r1"))
    left = await asyncio.to_thread(lambda: list(tmp_path.glob("*.part")))
    assert (made, left) == (b"full a picture", [])
