"""Films taken in, shown and served as pictures are: by their still in every size, and whole without what they say of themselves."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import select
from starlette.datastructures import UploadFile

from media_core import (
    PIPELINE_VERSION,
    ImageRejected,
    Picture,
    Processed,
    RejectCode,
    Spec,
    process_async,
)
from media_core.storage import DiskStore, ObjectInfo
from subgraphs.kit.database.reads import Read
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import Rejected
from subgraphs.kit.serving.doors import Doors
from subgraphs.media.components import components_on
from subgraphs.media.models import MediaFile
from subgraphs.media.processing.progress import Tell
from subgraphs.media.service import Upload
from subgraphs.media.storage.keys import still_key
from tests.media_core.films import PLACE, film, hidden
from tests.media_core.photographs import SECRET, pixels
from tests.media_core.residue import residue
from tests.subgraphs.harness import Harness, access_token
from tests.subgraphs.media.acting import add, create_album, do, raw, share, upload
from tests.subgraphs.media.bench import delete, stored_keys

pytest.importorskip("av")

_LOOK = """query ($i: ID!) { mediaFile(id: $i) { kind duration url originalUrl optimizedUrl thumbnailUrl srcset status
  blurPlaceholder dominantColor { hex } metadata { width height format frames }
  jpeg: image(size: LARGE, format: JPEG) { url } square: image(size: LARGE, crop: SQUARE) { url width height }
  animation { url } takenAt createdAt } }"""
_UPLOAD = """mutation ($f: Upload!) { uploadMedia(input: {file: $f}) { media { id } userErrors { code field message } } }"""


@pytest.fixture(scope="module")
async def http(media: Harness) -> AsyncIterator[httpx.AsyncClient]:
    runtime = media.service.runtime
    app = Doors(runtime.routes, runtime.swift)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://media") as client:
        yield client


async def _look(media: Harness, id_: str, who: UUID | None = None) -> Any:
    return (await media.ask(_LOOK, {"i": id_}, who))["mediaFile"]


async def test_a_film_plays_and_is_shown_by_its_still(media: Harness, http: httpx.AsyncClient) -> None:
    owner = uuid4()
    found = await _look(media, await upload(media, owner, data=film(rotation=90)), owner)
    assert (found["kind"], found["status"], round(found["duration"])) == ("VIDEO", "READY", 2)
    assert found["metadata"] == {"width": 240, "height": 320, "format": "mp4", "frames": 1}
    assert (found["animation"], found["blurPlaceholder"][:22]) == (None, "data:image/webp;base64")
    assert (found["square"]["width"], found["square"]["height"]) == (240, 240)
    whole = await http.get(found["url"])
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    sizes = {"optimizedUrl": (240, 320), "thumbnailUrl": (112, 150)}
    for name, size in sizes.items():
        assert pixels((await http.get(found[name])).content).size == size
    for made, size in ((found["jpeg"], (240, 320)), (found["square"], (240, 240))):
        answer = await http.get(made["url"])
        assert (answer.status_code, pixels(answer.content).size) == (200, size)
    assert "mp4" not in found["srcset"]


async def test_a_film_is_served_in_parts_and_can_be_no_page(media: Harness, http: httpx.AsyncClient) -> None:
    owner = uuid4()
    found = await _look(media, await upload(media, owner, data=film()), owner)
    for url, type_, disposition in (
        (found["url"], "video/mp4", None),
        (found["originalUrl"], "video/mp4", 'attachment; filename="'),
    ):
        whole = await http.get(url)
        part = await http.get(url, headers={"range": "bytes=100-299"})
        assert (part.status_code, part.content) == (206, whole.content[100:300])
        assert part.headers["content-range"] == f"bytes 100-299/{len(whole.content)}"
        assert (await http.get(url, headers={"range": "bytes=99999999-"})).status_code == 416
        assert (await http.get(url, headers={"if-none-match": whole.headers["etag"]})).status_code == 304
        for answer in (whole, part):
            assert answer.headers["content-type"] == type_
            assert answer.headers["accept-ranges"] == "bytes"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
            said = answer.headers.get("content-disposition")
            assert said is None if disposition is None else said.startswith(disposition)


async def test_a_large_film_is_streamed(media: Harness, http: httpx.AsyncClient) -> None:
    noisy = film("mp4", silent_seconds=60, size=(1280, 720), noise=True)
    found = await _look(media, await upload(media, uuid4(), data=noisy))
    whole = await http.get(found["url"])
    assert (whole.status_code, len(whole.content) > 1 << 20) == (200, True)
    tail = await http.get(found["url"], headers={"range": "bytes=-100"})
    assert (tail.status_code, tail.content) == (206, whole.content[-100:])
    head = await http.head(found["url"])
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole.content)))


async def test_what_this_version_has_not_made_of_a_film_is_made_of_its_still_and_its_upload(
    media: Harness, http: httpx.AsyncClient
) -> None:
    id_ = await upload(media, uuid4(), data=film("mov", frames=41))
    found = await _look(media, id_)
    whole = (await http.get(found["url"])).content
    store = DiskStore(media.resources.settings.home / "objects")
    row = await media.resources.database.row(Read(select(MediaFile).where(MediaFile.id == raw(id_))))
    assert row is not None
    for key in await stored_keys(store, f"{row.place}{PIPELINE_VERSION}/"):
        await store.delete(key)
    again = await http.get(f"/images/{raw(id_).hex}/full.auto")
    assert (again.status_code, again.content) == (200, whole)
    for name in ("small.webp", "large.png", "medium-square.jpeg"):
        answer = await http.get(f"/images/{raw(id_).hex}/{name}")
        assert (answer.status_code, pixels(answer.content).height) == (200, 240), name


@pytest.mark.parametrize("kind", ["mp4", "mov", "webm"])
async def test_a_stranger_learns_neither_where_nor_when_it_was_taken(
    media: Harness, http: httpx.AsyncClient, kind: str
) -> None:
    owner, data = uuid4(), film(kind, noted=True)
    data = data if kind == "webm" else hidden(data)
    assert PLACE.encode() in data
    id_ = await upload(media, owner, data=data)
    seen = await _look(media, id_)
    assert (seen["originalUrl"], seen["takenAt"]) == (None, seen["createdAt"])
    addresses = [
        seen["url"],
        seen["optimizedUrl"],
        seen["thumbnailUrl"],
        seen["jpeg"]["url"],
        seen["square"]["url"],
    ]
    addresses += [f"/images/{raw(id_).hex}/{name}" for name in ("full.auto", "small.png", "full.mp4")]
    for address in addresses:
        answer = await http.get(address)
        if answer.status_code == 404:
            assert (kind, address[-8:]) == ("webm", "full.mp4")
            continue
        assert answer.status_code == 200, address
        assert [t for t in (PLACE, SECRET) if t.encode() in answer.content or t in str(answer.headers)] == []
        if answer.headers["content-type"].startswith("image/"):
            assert residue(answer.content) == []
    for name in ("original.mp4", "original.mov", "original.webm", "original.auto", "still.jpeg", "small.mp4"):
        assert (await http.get(f"/images/{raw(id_).hex}/{name}")).status_code == 404, name
    own = await _look(media, id_, owner)
    assert (await http.get(own["originalUrl"])).content == data
    if kind != "webm":
        assert own["takenAt"] == "2024-05-06T07:08:09+00:00"


async def test_a_private_film_is_seen_by_whom_its_owner_shows_it_and_no_longer(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner, stranger = uuid4(), uuid4()
    id_ = await upload(media, owner, "PRIVATE", film())
    album = await create_album(media, owner)
    await add(media, owner, album, id_)
    link, token = await share(media, owner, album)
    assert await _look(media, id_, stranger) is None
    shared = """query ($t: String!) { sharedAlbum(token: $t) { assets { edges { node { kind url thumbnailUrl } } } } }"""
    (edge,) = (await media.ask(shared, {"t": token}))["sharedAlbum"]["assets"]["edges"]
    shown = edge["node"]
    assert shown["kind"] == "VIDEO"
    for url in (shown["url"], shown["thumbnailUrl"]):
        assert (await http.get(url, headers={"range": "bytes=0-9"})).status_code == 206
        assert (await http.get(url.partition("?")[0])).status_code == 404
        assert (await http.get(url[:-2] + "xx")).status_code == 404
    await do(media, owner, "revokeAlbumShare", id=link)
    assert [(await http.get(url)).status_code for url in (shown["url"], shown["thumbnailUrl"])] == [404, 404]


async def test_what_was_public_is_gone_at_once_when_it_is_made_private_or_thrown_away(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner = uuid4()
    for name, given in (
        ("updateMedia", {"visibility": "PRIVATE"}),
        ("trashAssets", {}),
    ):
        id_ = await upload(media, owner, data=film(frames=30 + len(name)))
        url = (await _look(media, id_))["url"]
        assert (await http.get(url)).status_code == 200
        target = {"ids": [id_]} if name == "trashAssets" else {"id": id_}
        assert (await do(media, owner, name, **target, **given))["userErrors"] == []
        assert (await http.get(url)).status_code == 404


async def test_ones_own_films_can_be_asked_for_alone_and_are_not_turned(media: Harness) -> None:
    owner = uuid4()
    moving, still = await upload(media, owner, data=film()), await upload(media, owner)
    query = """query ($k: MediaKind) { assets(filter: {kind: $k}) { edges { node { id } } } }"""

    async def listed(kind: str | None) -> set[str]:
        return {e["node"]["id"] for e in (await media.ask(query, {"k": kind}, owner))["assets"]["edges"]}

    assert [await listed(k) for k in ("VIDEO", "IMAGE", None)] == [{moving}, {still}, {moving, still}]
    turned = await do(media, owner, "rotateAsset", id=moving, degrees=90)
    assert turned["userErrors"] == [{"code": "INVALID_INPUT", "field": ["id"]}]


@pytest.mark.parametrize("type_", ["video/mp4", "video/webm"])
async def test_a_film_put_directly_is_of_the_type_that_was_announced(
    media: Harness, http: httpx.AsyncClient, type_: str
) -> None:
    owner, data = uuid4(), film()
    begun = await do(
        media,
        owner,
        "beginUpload",
        "upload { id } target { url headers { name value } }",
        bytes=len(data),
        contentType=type_,
    )
    target = begun["target"]
    headers = {h["name"]: h["value"] for h in target["headers"]}
    assert (await http.put(target["url"], content=data, headers=headers)).status_code == 200
    query = (
        """mutation ($i: ID!) { completeUpload(input: {id: $i}) { media { kind } userErrors { code } } }"""
    )
    done = (await media.ask(query, {"i": begun["upload"]["id"]}, owner))["completeUpload"]
    right = type_ == "video/mp4"
    assert done == {
        "media": {"kind": "VIDEO"} if right else None,
        "userErrors": [] if right else [{"code": "UNSUPPORTED_FORMAT"}],
    }


async def test_the_form_answers_how_long_it_is_or_why_it_was_not_taken(
    media: Harness, http: httpx.AsyncClient
) -> None:
    bearer = {"authorization": access_token(uuid4())}
    taken = await http.post("/upload", headers=bearer, files={"file": ("film.png", film(), "image/png")})
    metadata = taken.json()["metadata"]
    assert metadata | {"duration": 0} == {"width": 320, "height": 240, "format": "mp4", "duration": 0}
    refused = await http.post("/upload", headers=bearer, files={"file": ("film.mp4", film("mpeg4.mp4"))})
    assert (refused.status_code, refused.json()["error"]["code"]) == (415, "UNSUPPORTED_FORMAT")


async def _refusal(
    resources: Resources, folder: Path, data: bytes, **storage: Any
) -> tuple[str, list[ObjectInfo]]:
    """The code, and what was left of it."""
    settings = replace(resources.settings, storage=replace(resources.settings.storage, **storage))
    store = DiskStore(folder)
    await store.start()
    components = await components_on(replace(resources, settings=settings), store)
    with pytest.raises(Rejected) as refused:
        await components.media.upload(uuid4(), Upload(UploadFile(io.BytesIO(data)), "PUBLIC"))
    left = [info async for info in store.list("sha256/")]
    return refused.value.errors[0].code.value, left


@pytest.mark.parametrize(
    ("storage", "code"),
    [
        ({"films": ()}, "FILMS_NOT_TAKEN"),
        ({"films": ("webm",)}, "UNSUPPORTED_FORMAT"),
        ({"film_seconds": 1}, "TOO_LONG"),
        ({"film_max_bytes": 1000}, "TOO_LARGE"),
        ({"quota_bytes": 1000}, "QUOTA_EXCEEDED"),
    ],
)
async def test_what_is_not_taken_says_why_and_leaves_nothing(
    media: Harness, tmp_path: Path, storage: dict[str, Any], code: str
) -> None:
    found, left = await _refusal(media.resources, tmp_path / "objects", film(), **storage)
    assert found == code
    assert code == "QUOTA_EXCEEDED" or left == []


async def test_a_film_whose_still_cannot_be_made_now_is_not_kept_without_it(
    media: Harness, tmp_path: Path
) -> None:
    async def busy(*_: Any) -> Any:
        raise ImageRejected(RejectCode.TIMEOUT)

    store = DiskStore(tmp_path / "objects")
    await store.start()
    components = await components_on(media.resources, store, busy)
    with pytest.raises(Rejected) as refused:
        await components.media.upload(uuid4(), Upload(UploadFile(io.BytesIO(film())), "PUBLIC"))
    assert refused.value.errors[0].code.value == "PROCESSING_FAILED"
    assert await stored_keys(store) == []


async def test_the_same_film_again_is_not_made_again_whatever_is_asked_of_its_copyright(
    media: Harness, tmp_path: Path
) -> None:
    made = list[str]()

    async def counted(picture: Picture, spec: Spec, tell: Tell | None) -> Processed:
        made.append(str(picture))
        return await process_async(picture, spec, tell)

    store = DiskStore(tmp_path / "objects")
    await store.start()
    components = await components_on(media.resources, store, counted)
    owner, data = uuid4(), film(frames=34)
    for keep in (True, True, False):
        upload_ = Upload(UploadFile(io.BytesIO(data)), "PUBLIC", keep_copyright=keep)
        row = await components.media.upload(owner, upload_)
        assert (row.status, row.keep_copyright) == ("READY", False)
    assert len(made) == 1


async def test_the_still_is_stored_beside_the_film_and_goes_with_it(media: Harness, tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "objects")
    await store.start()
    components = await components_on(media.resources, store, process_async, timedelta())
    row = await components.media.upload(uuid4(), Upload(UploadFile(io.BytesIO(film(frames=33))), "PUBLIC"))
    assert still_key(row.place) in await stored_keys(store)
    await delete(media.resources, components, row)
    await components.collector.collect()
    assert await stored_keys(store) == []
