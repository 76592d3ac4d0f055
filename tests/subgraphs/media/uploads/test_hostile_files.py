"""Hostile files at the product's doors: each is a picture or one stable code, and what is refused leaves nothing behind."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from importlib.util import find_spec
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.datastructures import UploadFile

from media_core.storage import object_store
from subgraphs.kit.errors import ErrorCode
from subgraphs.kit.serving.doors import Doors
from tests.hostile.media.films import HOSTILE_FILMS
from tests.hostile.media.hostile import HOSTILE, SEEDS
from tests.media_core.annotated import FILES
from tests.subgraphs.harness import Harness, access_token
from tests.subgraphs.media.bench import stored_keys

_STATUSES = {200, 413, 415, 422}
_SLOW = {
    "boxes in boxes",
    "the largest frames that are",
    "larger frames than are taken",
    "eleven minutes of silence after two seconds",
}
_FILMS = {name: make for name, (make, _) in HOSTILE_FILMS.items() if name not in _SLOW and find_spec("av")}
_HOSTILE: dict[str, Callable[[], bytes]] = {name: make for name, (make, _) in HOSTILE.items()} | _FILMS


def _image_in(box: bytes) -> bytes:
    """An AVIF with one more box, before its own."""
    data = SEEDS["avif"]()
    start = int.from_bytes(data[:4], "big")
    return data[:start] + box + data[start:]


_BOXES = {
    "an avif with a page in a box": _image_in(b"\0\0\0\x24uuid<script>alert(1)</script>".ljust(36, b"\0")),
    "an avif with a film in it": _image_in(b"\0\0\0\x10moov\0\0\0\x08trak"),
    "an avif whose second description is empty": _image_in(b"\0\0\0\x0cmeta\0\0\0\0"),
    "an avif of another brand": b"\0\0\0\x18ftypheic\0\0\0\0mif1avif" + SEEDS["avif"]()[28:],
    "an avif with a box that is all that follows": SEEDS["avif"]() + b"\0\0\0\0free" + b"<html>" * 99,
}


@pytest.fixture(scope="module")
async def http(media: Harness) -> AsyncIterator[httpx.AsyncClient]:
    runtime = media.service.runtime
    app = Doors(runtime.routes, runtime.swift)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://media", timeout=60) as client:
        yield client


async def _sent(http: httpx.AsyncClient, owner: UUID, data: bytes) -> httpx.Response:
    bearer = {"authorization": access_token(owner)}
    return await http.post("/upload", headers=bearer, files={"file": ("a.jpg", data, "image/jpeg")})


async def _as_promised(http: httpx.AsyncClient, answer: httpx.Response) -> None:
    """A picture that is shown as such and nothing else, or a code that clients know."""
    assert answer.status_code in _STATUSES, answer.text
    if answer.status_code != 200:
        assert ErrorCode(answer.json()["error"]["code"]) is not ErrorCode.INVALID_INPUT
        return
    told = answer.json()
    for address in filter(None, (told["url"], told["thumbnailUrl"])):
        shown = await http.get(address)
        assert (shown.status_code, shown.headers["x-content-type-options"]) in {
            (200, "nosniff"),
            (503, "nosniff"),
        }
        if shown.status_code == 200:
            assert shown.headers["content-type"].startswith(("image/", "video/"))
            assert b"<script" not in shown.content
            assert b"<html>" not in shown.content


@pytest.mark.parametrize("name", _HOSTILE)
async def test_a_hostile_file_is_shown_as_a_picture_or_refused_by_a_code(
    media: Harness, http: httpx.AsyncClient, name: str
) -> None:
    await _as_promised(http, await _sent(http, uuid4(), _HOSTILE[name]()))


@pytest.mark.parametrize("name", _BOXES)
async def test_odd_boxes_come_to_a_picture_or_a_code(
    media: Harness, http: httpx.AsyncClient, name: str
) -> None:
    await _as_promised(http, await _sent(http, uuid4(), _BOXES[name]))


async def test_every_door_says_the_same_of_a_file_and_keeps_nothing_of_it(
    media: Harness, http: httpx.AsyncClient
) -> None:
    settings, owner = media.resources.settings, uuid4()
    store = object_store(settings.object_store_url or settings.home / "objects")
    before = await stored_keys(store)
    for name in (
        "zip",
        "png of 30,000 a side",
        "gif of a million frames",
        "jpeg that is only its markers",
        "svg",
    ):
        data = _HOSTILE[name]()
        code = (await _sent(http, owner, data)).json()["error"]["code"]
        assert await _by_graph(media, owner, data) == code, name
        assert await _directly(media, http, owner, data) == code, name
        assert await _resumably(media, http, owner, data) == code, name
    assert await stored_keys(store) == before
    assert [*settings.home.glob("uploads/*")] == []
    await store.close()


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind in {"heic", "jxl"}])
async def test_a_damaged_file_that_an_extra_reads_is_a_picture_or_a_code(
    media: Harness, http: httpx.AsyncClient, kind: str
) -> None:
    data = FILES[kind]()
    for number in range(1, 25):
        at = len(data) * number // 25
        await _as_promised(http, await _sent(http, uuid4(), data[:at]))
        flipped = data[:at] + bytes([data[at] ^ 1 << number % 8]) + data[at + 1 :]
        await _as_promised(http, await _sent(http, uuid4(), flipped))


async def _by_graph(media: Harness, owner: UUID, data: bytes) -> str:
    query = "mutation ($f: Upload!) { uploadMedia(input: {file: $f}) { media { id } userErrors { code } } }"
    answer = await media.ask(query, {"f": UploadFile(io.BytesIO(data), filename="a.jpg")}, owner)
    return _code(answer["uploadMedia"])


async def _directly(media: Harness, http: httpx.AsyncClient, owner: UUID, data: bytes) -> str:
    begin = """mutation ($n: Int!) { beginUpload(input: {bytes: $n, contentType: "image/jpeg"}) {
      upload { id } target { url headers { name value } } userErrors { code } } }"""
    begun = (await media.ask(begin, {"n": len(data)}, owner))["beginUpload"]
    headers = {header["name"]: header["value"] for header in begun["target"]["headers"]}
    assert (await http.put(begun["target"]["url"], content=data, headers=headers)).is_success
    complete = "mutation ($i: ID!) { completeUpload(input: {id: $i}) { media { id } userErrors { code } } }"
    return _code((await media.ask(complete, {"i": begun["upload"]["id"]}, owner))["completeUpload"])


async def _resumably(media: Harness, http: httpx.AsyncClient, owner: UUID, data: bytes) -> str:
    headers = {
        "authorization": access_token(owner),
        "tus-resumable": "1.0.0",
        "upload-length": str(len(data)),
    }
    headers["content-type"] = "application/offset+octet-stream"
    answer = await http.post("/uploads", headers=headers, content=data)
    return str(answer.json()["error"]["code"])


def _code(payload: dict[str, Any]) -> str:
    assert payload["media"] is None
    (error,) = payload["userErrors"]
    return str(error["code"])
