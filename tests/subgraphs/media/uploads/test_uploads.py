"""Pictures taken in: stored whole with their sizes, or not at all; and seen by whom they may be."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image
from starlette.datastructures import UploadFile

from subgraphs.kit.graph.relay import to_global
from subgraphs.kit.serving.doors import Doors
from tests.media_core.photographs import SECRET, photograph
from tests.subgraphs.harness import Harness, access_token

_FILE = """id url optimizedUrl thumbnailUrl originalUrl visibility altText status blurPlaceholder thumbhash srcset
  dominantColor { r g b hex } metadata { width height format bytes }
  responsiveSizes { thumbnail { url width height format bytes } small { url width } medium { url width } large { url width height } }
  image(size: SMALL, format: JPEG) { url format bytes }"""
_UPLOAD = f"""mutation ($file: Upload!, $v: MediaVisibility!) {{
  uploadMedia(input: {{file: $file, visibility: $v, altText: "A view"}}) {{
    media {{ {_FILE} }} userErrors {{ code field }} }} }}"""


def _file(data: bytes) -> UploadFile:
    return UploadFile(io.BytesIO(data), filename="picture.jpg")


@pytest.fixture(scope="module")
async def http(media: Harness) -> AsyncIterator[httpx.AsyncClient]:
    runtime = media.service.runtime
    app = Doors(runtime.routes, runtime.swift)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://media") as client:
        yield client


async def _upload(media: Harness, viewer: UUID, visibility: str = "PUBLIC", data: bytes | None = None) -> Any:
    given = {"file": _file(data or photograph(1200, 900)), "v": visibility}
    return (await media.ask(_UPLOAD, given, viewer))["uploadMedia"]


def _left(media: Harness) -> list[str]:
    home = media.resources.settings.home
    return [str(p) for folder in ("objects", "uploads") for p in (home / folder).rglob("*") if p.is_file()]


async def test_an_upload_answers_every_size_and_each_can_be_fetched(
    media: Harness, http: httpx.AsyncClient
) -> None:
    file = (await _upload(media, uuid4(), data=photograph(2400, 1800, orientation=6)))["media"]
    assert file["status"] == "READY"
    assert (file["metadata"]["width"], file["metadata"]["height"]) == (1800, 2400)
    for size, side in {"thumbnail": 150, "small": 400, "medium": 800, "large": 1920}.items():
        answer = await http.get(file["responsiveSizes"][size]["url"])
        picture = Image.open(io.BytesIO(answer.content))
        assert (answer.status_code, max(picture.size), picture.format) == (200, side, "WEBP")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    whole = await http.get(file["url"])
    assert Image.open(io.BytesIO(whole.content)).size == (1800, 2400)
    assert SECRET.encode() not in whole.content
    jpeg = await http.get(file["image"]["url"])
    assert (jpeg.headers["content-type"], Image.open(io.BytesIO(jpeg.content)).size) == (
        "image/jpeg",
        (300, 400),
    )
    etag = {"if-none-match": whole.headers["etag"]}
    assert (await http.get(file["url"], headers=etag)).status_code == 304
    assert whole.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no picture at all", "NOT_AN_IMAGE"),
        (b"", "NOT_AN_IMAGE"),
        (photograph(1200, 900)[:20_000], "TRUNCATED"),
    ],
    ids=["text", "nothing", "half a picture"],
)
async def test_what_is_no_whole_picture_is_refused_and_nothing_of_it_is_left(
    media: Harness, data: bytes, code: str
) -> None:
    before = _left(media)
    given = {"file": _file(data), "v": "PUBLIC"}
    answer = (await media.ask(_UPLOAD, given, uuid4()))["uploadMedia"]
    assert answer == {"media": None, "userErrors": [{"code": code, "field": ["file"]}]}
    assert _left(media) == before


async def test_a_private_picture_is_not_there_for_anyone_else(
    media: Harness, http: httpx.AsyncClient
) -> None:
    owner = uuid4()
    file = (await _upload(media, owner, "PRIVATE"))["media"]
    missing = to_global("MediaFile", uuid4())
    query = "query ($i: ID!) { mediaFile(id: $i) { url } }"
    for viewer in (uuid4(), None):
        for asked in (file["id"], missing):
            assert await media.ask(query, {"i": asked}, viewer) == {"mediaFile": None}
            reference = [{"__typename": "MediaFile", "id": asked}]
            assert await media.entities("... on MediaFile { url }", reference, viewer) == [None]
    address = httpx.URL(file["responsiveSizes"]["small"]["url"])
    assert (await http.get(address)).status_code == 200
    assert (await http.get(address)).headers["cache-control"].startswith("private")
    unsigned = address.copy_with(query=None)
    guesses = [
        unsigned,
        address.copy_set_param("exp", str(int(address.params["exp"]) + 60)),
        address.copy_set_param("sig", "A" * 43),
        httpx.URL(str(address).replace("small", "large")),
        httpx.URL(f"/images/{uuid4().hex}/small.webp"),
    ]
    answers = [await http.get(guess) for guess in guesses]
    assert {(a.status_code, a.text) for a in answers} == {(404, answers[0].text)}


async def test_made_private_its_old_addresses_end_at_once(media: Harness, http: httpx.AsyncClient) -> None:
    owner = uuid4()
    file = (await _upload(media, owner))["media"]
    old = file["responsiveSizes"]["small"]["url"]
    assert (await http.get(old)).status_code == 200
    change = """mutation ($i: ID!, $v: MediaVisibility!) {
      updateMedia(input: {id: $i, visibility: $v}) { media { optimizedUrl } userErrors { code } } }"""
    stranger = await media.ask(change, {"i": file["id"], "v": "PRIVATE"}, uuid4())
    assert stranger["updateMedia"] == {"media": None, "userErrors": [{"code": "NOT_FOUND"}]}
    answer = await media.ask(change, {"i": file["id"], "v": "PRIVATE"}, owner)
    assert (await http.get(old)).status_code == 404
    assert (await http.get(answer["updateMedia"]["media"]["optimizedUrl"])).status_code == 200
    delete = "mutation ($i: ID!) { deleteMedia(input: {id: $i}) { deletedId } }"
    await media.ask(delete, {"i": file["id"]}, owner)
    assert (await http.get(answer["updateMedia"]["media"]["optimizedUrl"])).status_code == 404


async def test_a_form_upload_answers_the_same_picture_and_lists_it(
    media: Harness, http: httpx.AsyncClient
) -> None:
    viewer = uuid4()
    headers = {"authorization": access_token(viewer)}
    form = {"visibility": "public", "userId": to_global("User", viewer)}
    sent = await http.post("/upload", headers=headers, data=form, files={"file": photograph(800, 600)})
    file = sent.json()
    assert sent.status_code == 200
    assert file["metadata"] == {"width": 800, "height": 600, "format": "jpeg"}
    listed = (await http.get("/public/files?first=1")).json()
    assert listed["files"] == [file]
    assert (await http.get(file["responsiveSizes"]["large"])).status_code == 200


async def test_a_form_upload_is_refused_with_a_code(media: Harness, http: httpx.AsyncClient) -> None:
    viewer = uuid4()
    good, picture = {"authorization": access_token(viewer)}, {"file": photograph(800, 600)}
    other = {"userId": to_global("User", uuid4())}
    form = {"content-type": "multipart/form-data; boundary=b"}
    before = _left(media)
    answers = [
        await http.post("/upload", files=picture),
        await http.post("/upload", headers={"authorization": "Bearer nonsense"}, files=picture),
        await http.post("/upload", headers=good, data=other, files=picture),
        await http.post("/upload", headers=good, files={"file": b"text"}),
        await http.post("/upload", headers=good, data={"visibility": "secret"}, files=picture),
        await http.post("/upload", headers=good, data={"visibility": "public"}),
        await http.post("/upload", headers=good, data={"altText": "a\0b"}, files=picture),
        await http.post("/upload", headers=good | form, content=b"no form"),
        await http.post(
            "/upload", headers=good | {"content-type": "multipart/form-data"}, content=b"no form"
        ),
        await http.get("/public/files?first=9999"),
        await http.get("/public/files?first=%C2%B2"),
        await http.get("/public/files?after=nonsense"),
    ]
    assert [(a.status_code, a.json()["error"]["code"]) for a in answers] == [
        (401, "UNAUTHENTICATED"),
        (401, "UNAUTHENTICATED"),
        (403, "FORBIDDEN"),
        (415, "NOT_AN_IMAGE"),
        (400, "INVALID_INPUT"),
        (400, "INVALID_INPUT"),
        (400, "BAD_USER_INPUT"),
        (400, "INVALID_INPUT"),
        (400, "INVALID_INPUT"),
        (400, "BAD_USER_INPUT"),
        (400, "BAD_USER_INPUT"),
        (400, "BAD_USER_INPUT"),
    ]
    assert _left(media) == before


async def test_a_page_without_values_is_the_first(media: Harness, http: httpx.AsyncClient) -> None:
    assert (await http.get("/public/files?first=&after=")).json() == (await http.get("/public/files")).json()
