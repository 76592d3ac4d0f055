"""Uploads that go straight to the store: announced, put by the client itself, checked again, taken in."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.applications import Starlette

from media_core.storage import DiskStore, object_store
from subgraphs.kit.graph.relay import id_of
from subgraphs.media.app import DOMAIN
from subgraphs.media.storage.keys import session_prefix
from subgraphs.media.uploads.service import Begin
from tests.media_core.photographs import photograph
from tests.media_core.s3_server import ACCESS_KEY, SECRET_KEY, s3_server
from tests.subgraphs.harness import Harness, open_harness, sign
from tests.subgraphs.media.bench import bench, stored_keys
from tests.subgraphs.media.http_door import served

_BEGIN = """mutation ($bytes: Int!, $type: String!, $sha256: String, $method: UploadMethod!) {
  beginUpload(input: {bytes: $bytes, contentType: $type, sha256: $sha256, method: $method, visibility: PRIVATE}) {
    upload { id status totalBytes } target { method url headers { name value } fields { name value } }
    userErrors { code field } } }"""
_COMPLETE = """mutation ($id: ID!) { completeUpload(input: {id: $id}) {
    upload { status error receivedBytes } media { visibility metadata { width } } userErrors { code field } } }"""
_ABORT = "mutation ($id: ID!) { abortUpload(input: {id: $id}) { upload { status } userErrors { code } } }"


class Person:
    """Begins, sends and completes uploads."""

    def __init__(self, media: Harness, origin: str) -> None:
        self.media, self.id, self._origin = media, uuid4(), origin

    async def begin(self, data: bytes, method: str = "PUT", **given: Any) -> Any:
        announced = {"bytes": len(data), "type": "image/jpeg", "method": method, **given}
        return (await self.media.ask(_BEGIN, announced, self.id))["beginUpload"]

    async def send(self, target: Any, data: bytes, **headers: str) -> int:
        url = target["url"] if "://" in target["url"] else self._origin + target["url"]
        given = {h["name"]: h["value"] for h in target["headers"]} | headers
        async with httpx.AsyncClient() as client:
            if target["method"] == "PUT":
                return (await client.put(url, content=data, headers=given)).status_code
            fields = {f["name"]: f["value"] for f in target["fields"]}
            return (await client.post(url, data=fields, files={"file": data})).status_code

    async def complete(self, begun: Any) -> Any:
        return (await self.media.ask(_COMPLETE, {"id": begun["upload"]["id"]}, self.id))["completeUpload"]


@pytest.fixture(scope="module", params=["disk", "s3"])
async def person(
    request: pytest.FixtureRequest, media: Harness, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Person]:
    if request.param == "disk":
        async with served(media.service.runtime.routes) as origin:
            yield Person(media, origin)
        return
    home: Path = tmp_path_factory.mktemp("direct")
    with s3_server(home / "s3") as host:
        key = f"{ACCESS_KEY}:{quote(SECRET_KEY, safe='')}"
        address = f"s3://{key}@{host}/bucket/{secrets.token_hex(4)}"
        settings = replace(media.resources.settings, home=home, object_store_url=address)
        async with open_harness(DOMAIN, settings) as harness:
            yield Person(harness, "")


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_what_the_client_put_becomes_a_picture_once(person: Person, method: str) -> None:
    data = photograph(640, 480, seed=secrets.randbelow(1000))
    begun = await person.begin(data, method, sha256=hashlib.sha256(data).hexdigest())
    assert (begun["upload"]["status"], begun["upload"]["totalBytes"]) == ("PENDING", len(data))
    early = await person.complete(begun)
    assert early["userErrors"] == [{"code": "INVALID_INPUT", "field": ["id"]}]
    assert await person.send(begun["target"], data) in (200, 204)
    done = await person.complete(begun)
    assert done == {
        "upload": {"status": "DONE", "error": None, "receivedBytes": len(data)},
        "media": {"visibility": "PRIVATE", "metadata": {"width": 640}},
        "userErrors": [],
    }
    assert await person.complete(begun) == done


async def test_what_was_announced_is_checked_again_whatever_the_store_let_through(person: Person) -> None:
    data = photograph(640, 480)
    other = bytes([*data[:-200], *reversed(data[-200:])])
    wrong_hash = await person.begin(data, sha256=hashlib.sha256(b"other").hexdigest())
    wrong_type = await person.begin(data, type="image/png")
    text = await person.begin(b"no image!")
    shorter = await person.begin(data)
    for begun, sent in ((wrong_hash, data), (wrong_type, data), (text, b"no image!"), (shorter, other[:99])):
        assert await person.send(begun["target"], sent) == 200
    answers = [await person.complete(begun) for begun in (wrong_hash, wrong_type, text, shorter)]
    assert [a["userErrors"][0]["code"] for a in answers] == [
        "CHECKSUM_MISMATCH",
        "UNSUPPORTED_FORMAT",
        "NOT_AN_IMAGE",
        "TRUNCATED",
    ]
    again = await person.complete(wrong_hash)
    assert again["userErrors"] == [{"code": "CONFLICT", "field": ["id"]}]


async def test_more_than_was_announced_does_not_become_a_picture(person: Person) -> None:
    begun = await person.begin(b"12345")
    sent = await person.send(begun["target"], photograph(640, 480))
    assert sent in (413, 200)
    answer = await person.complete(begun)
    assert answer["userErrors"][0]["code"] in ("TOO_LARGE", "INVALID_INPUT")


async def test_an_address_is_for_one_upload_and_ends_with_it(person: Person) -> None:
    one, other = await person.begin(b"12345"), await person.begin(b"12345")
    stolen = dict(one["target"])
    stolen["url"] = stolen["url"].replace(_raw(one).hex, _raw(other).hex)
    assert await person.send(stolen, b"12345") == 403
    stranger = await person.media.ask(_COMPLETE, {"id": one["upload"]["id"]}, uuid4())
    assert stranger["completeUpload"]["userErrors"][0]["code"] == "NOT_FOUND"
    ended = await person.media.ask(_ABORT, {"id": one["upload"]["id"]}, person.id)
    assert ended["abortUpload"] == {"upload": {"status": "ABORTED"}, "userErrors": []}
    await person.send(one["target"], b"12345")
    settings = person.media.resources.settings
    store = object_store(settings.object_store_url or settings.home / "objects")
    components = await bench(person.media.resources, store)
    await components.lifecycle.end_uploads()
    await components.collector.scan()
    assert await stored_keys(store, session_prefix(_raw(one))) == []
    await store.close()


async def test_what_cannot_be_announced_is_refused(person: Person) -> None:
    answers = [
        await person.begin(b""),
        await person.begin(b"1", type="text/html"),
        await person.begin(b"1", sha256="short"),
        await person.begin(b"1", bytes=(128 << 20) + 1),
    ]
    assert [a["userErrors"][0]["field"] for a in answers] == [
        ["bytes"],
        ["contentType"],
        ["sha256"],
        ["file"],
    ]


async def test_progress_is_told_until_the_end(person: Person) -> None:
    data = photograph(640, 480, seed=secrets.randbelow(1000))
    begun = await person.begin(data)
    query = (
        "subscription ($id: ID!) { uploadProgress(id: $id) { status stage media { metadata { width } } } }"
    )
    given = {"id": begun["upload"]["id"]}
    told: list[Any] = []
    listening = asyncio.Event()

    async def listen() -> None:
        headers = {"authorization": sign("media", person.id)}
        async for answer in person.media.service.subscribe(query, given, None, headers):
            told.append(answer["data"]["uploadProgress"])
            listening.set()

    hearing = asyncio.create_task(listen())
    await listening.wait()
    await person.send(begun["target"], data)
    await person.complete(begun)
    await hearing
    assert told[0] == {"status": "PENDING", "stage": None, "media": None}
    assert told[-1] == {"status": "DONE", "stage": None, "media": {"metadata": {"width": 640}}}
    heard = [t["stage"] for t in told if t["stage"]]
    stages = ["OPEN", "DECODE", "RESIZE", "ENCODE", "PLACEHOLDER", "FULL", "STORE"]
    assert heard == [stage for stage in stages if stage in heard]  # who hears the last late is told the end


def _raw(begun: Any) -> UUID:
    raw = id_of("UploadSession", begun["upload"]["id"])
    assert raw is not None
    return raw


async def test_an_address_outlives_a_new_secret_while_the_old_one_is_given(
    media: Harness, tmp_path: Path
) -> None:
    store = DiskStore(tmp_path)
    components = await bench(media.resources, store)
    session = await components.uploads.begin(uuid4(), Begin("PUT", 5, "PUBLIC", content_type="image/png"))
    path = (await components.direct.address(session)).url.removeprefix(
        media.resources.settings.public_url or ""
    )
    settings = media.resources.settings
    answers = []
    for previous in (None, settings.secret_key):
        serving = replace(settings.serving, previous_secret=previous)
        since = replace(settings, secret_key=b"a new one" * 4, serving=serving)
        door = (await bench(replace(media.resources, settings=since), store)).direct
        transport = httpx.ASGITransport(Starlette(routes=door.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://media") as client:
            sent = await client.put(path, content=b"12345", headers={"content-type": "image/png"})
        answers.append(sent.status_code)
    assert answers == [403, 200]
