"""Resumable uploads: by a real client of the protocol, and line by line as tus 1.0.0 has them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.applications import Starlette
from tusclient.client import TusClient

from media_core.storage import object_store
from subgraphs.kit.graph.relay import to_global
from subgraphs.media.storage.keys import session_prefix
from tests.media_core.photographs import photograph
from tests.subgraphs.harness import Harness, access_token
from tests.subgraphs.media.bench import bench, stored_keys
from tests.subgraphs.media.http_door import served

_VERSION = {"tus-resumable": "1.0.0"}
_PATCH = {"content-type": "application/offset+octet-stream"}
_SESSION = (
    "query ($i: ID!) { uploadSession(id: $i) { status receivedBytes totalBytes error media { id altText } } }"
)


@pytest.fixture(scope="module")
async def origin(media: Harness) -> AsyncIterator[str]:
    async with served(media.service.runtime.routes) as address:
        yield address


class Client:
    """One person's requests."""

    def __init__(self, origin: str, viewer: UUID) -> None:
        self.viewer = viewer
        self.headers = {**_VERSION, "authorization": access_token(viewer)}
        self._http = httpx.AsyncClient(base_url=origin, headers=self.headers)

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._http.request(method, path, content=body, headers=given)

    async def create(self, size: int, **headers: str) -> str:
        answer = await self.ask("POST", "/uploads", upload_length=str(size), **headers)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    async def patch(self, path: str, offset: int, body: Any, **headers: str) -> httpx.Response:
        return await self.ask("PATCH", path, body, upload_offset=str(offset), **_PATCH, **headers)

    async def offset(self, path: str) -> int:
        return int((await self.ask("HEAD", path)).headers["upload-offset"])


@pytest.fixture
async def client(origin: str) -> AsyncIterator[Client]:
    made = Client(origin, uuid4())
    yield made
    await made.close()


def _metadata(**pairs: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in pairs.items())


def _session_id(path: str) -> str:
    return to_global("UploadSession", UUID(hex=path.rpartition("/")[2]))


async def test_a_real_client_uploads_in_chunks_and_goes_on_after_a_break(
    media: Harness, origin: str, tmp_path: Path
) -> None:
    viewer, data = uuid4(), photograph(1200, 900)
    tus = TusClient(f"{origin}/uploads", headers={"authorization": access_token(viewer)})
    metadata = {"filename": "picture.jpg", "visibility": "private", "altText": "A view"}

    def start() -> str:
        uploader = tus.uploader(
            file_stream=io.BytesIO(data), chunk_size=50_000, metadata=metadata, upload_checksum=True
        )
        uploader.upload(stop_at=120_000)
        return str(uploader.url)

    def go_on(url: str) -> int:
        uploader = tus.uploader(file_stream=io.BytesIO(data), chunk_size=100_000, url=url)
        resumed_at = uploader.offset
        uploader.upload()
        return int(resumed_at)

    url = await asyncio.to_thread(start)
    assert await asyncio.to_thread(go_on, url) == 120_000
    found = (await media.ask(_SESSION, {"i": _session_id(url)}, viewer))["uploadSession"]
    assert (found["status"], found["receivedBytes"], found["error"]) == ("DONE", len(data), None)
    assert found["media"]["altText"] == "A view"
    stranger = await media.ask(_SESSION, {"i": _session_id(url)}, uuid4())
    assert stranger == {"uploadSession": None}


async def test_the_server_says_what_it_can_and_refuses_another_version(client: Client) -> None:
    able = await client.ask("OPTIONS", "/uploads")
    assert (able.status_code, able.headers["tus-version"]) == (204, "1.0.0")
    assert set(able.headers["tus-extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "creation-defer-length",
        "expiration",
        "checksum",
        "termination",
        "concatenation",
    }
    assert able.headers["tus-max-size"] == str(128 << 20)
    old = await client.ask("POST", "/uploads", upload_length="5", tus_resumable="0.2.2")
    assert (old.status_code, old.headers["tus-version"]) == (412, "1.0.0")


async def test_an_upload_is_begun_asked_about_filled_and_becomes_a_picture(client: Client) -> None:
    data = photograph(800, 600)
    metadata = _metadata(filename="a.jpg", sha256=hashlib.sha256(data).hexdigest())
    path = await client.create(len(data), upload_metadata=metadata)
    head = await client.ask("HEAD", path)
    assert (head.status_code, head.headers["upload-offset"]) == (200, "0")
    assert (head.headers["upload-length"], head.headers["upload-metadata"]) == (str(len(data)), metadata)
    assert (head.headers["cache-control"], "upload-expires" in head.headers) == ("no-store", True)
    first = await client.patch(path, 0, data[:1000])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "1000")
    last = await client.patch(path, 1000, data[1000:])
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(data)))
    assert last.headers["upload-media"] == (await client.ask("HEAD", path)).headers["upload-media"]
    again = await client.patch(path, len(data), b"")
    assert (again.status_code, again.headers["upload-media"]) == (204, last.headers["upload-media"])


async def test_creation_may_carry_bytes_or_leave_the_length_for_later(client: Client) -> None:
    data = photograph(640, 480)
    whole = await client.ask("POST", "/uploads", data, upload_length=str(len(data)), **_PATCH)
    assert (whole.status_code, whole.headers["upload-offset"]) == (201, str(len(data)))
    assert "upload-media" in whole.headers
    begun = await client.ask("POST", "/uploads", upload_defer_length="1")
    path = begun.headers["location"]
    assert (await client.ask("HEAD", path)).headers["upload-defer-length"] == "1"
    assert (await client.patch(path, 0, data[:100])).status_code == 204
    done = await client.patch(path, 100, data[100:], upload_length=str(len(data)))
    assert "upload-media" in done.headers


async def test_what_does_not_follow_the_protocol_changes_nothing(client: Client, origin: str) -> None:
    path = await client.create(10)
    other = Client(origin, uuid4())
    answers = [
        await client.patch(path, 5, b"12345"),
        await client.patch(path, 0, b"12345678901"),
        await client.ask("PATCH", path, b"12345", upload_offset="0", content_type="image/png"),
        await client.ask("PATCH", path, b"12345", **_PATCH),
        await client.patch(path, 0, b"12345", upload_checksum="crc32 AAAA"),
        await client.patch(path, 0, b"12345", upload_checksum="sha1 " + base64.b64encode(b"x" * 20).decode()),
        await other.patch(path, 0, b"12345"),
        await other.ask("DELETE", path),
        await client.ask("HEAD", f"/uploads/{uuid4().hex}"),
        await client.ask("GET", path),
        await client.ask("PATCH", path, b"12345", authorization="", upload_offset="0", **_PATCH),
        await client.ask("POST", "/uploads"),
        await client.ask("POST", "/uploads", upload_length="-1"),
        await client.ask("POST", "/uploads", upload_length=str((128 << 20) + 1)),
        await client.ask("POST", "/uploads", upload_length="5", upload_metadata="name not-base64!"),
        await client.ask("POST", "/uploads", upload_length="5", upload_metadata=_metadata(visibility="odd")),
    ]
    assert [a.status_code for a in answers] == [
        409, 413, 415, 400, 400, 460, 404, 404, 404, 405, 401, 400, 400, 413, 400, 400,
    ]  # fmt: skip
    assert await client.offset(path) == 0
    await other.close()


async def test_a_body_longer_than_its_length_said_is_cut_off_before_it_is_counted(client: Client) -> None:
    path = await client.create(10)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"12345"

    assert (await client.patch(path, 0, endless())).status_code == 413
    assert await client.offset(path) == 0


async def test_two_requests_for_the_same_bytes_are_counted_once(media: Harness, client: Client) -> None:
    data = photograph(640, 480)
    path = await client.create(len(data))
    answers = await asyncio.gather(*(client.patch(path, 0, data[:5000]) for _ in range(4)))
    assert sorted(a.status_code for a in answers) == [204, 409, 409, 409]
    assert await client.offset(path) == 5000
    assert "upload-media" in (await client.patch(path, 5000, data[5000:])).headers


async def test_what_had_come_when_the_connection_broke_is_kept(media: Harness, client: Client) -> None:
    data = photograph(640, 480)
    path = await client.create(len(data))
    messages = iter(
        [
            {"type": "http.request", "body": data[:7000], "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    head = {**client.headers, **_PATCH, "upload-offset": "0", "content-length": str(len(data))}
    scope = {
        "type": "http",
        "method": "PATCH",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in head.items()],
    }

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        """Nobody is there."""

    await Starlette(routes=list(media.service.runtime.routes))(scope, receive, send)
    offset = await client.offset(path)
    assert offset == 7000
    assert "upload-media" in (await client.patch(path, offset, data[offset:])).headers


async def test_parts_sent_apart_are_joined(client: Client) -> None:
    data = photograph(800, 600)
    half = len(data) // 2
    parts = []
    for piece in (data[:half], data[half:]):
        path = await client.create(len(piece), upload_concat="partial")
        parts.append(path)
        unfinished = await client.ask("POST", "/uploads", upload_concat=f"final;{' '.join(parts)}")
        assert unfinished.status_code == 400
        assert "upload-media" not in (await client.patch(path, 0, piece)).headers
    final = await client.ask("POST", "/uploads", upload_concat=f"final;{' '.join(parts)}")
    assert (final.status_code, "upload-media" in final.headers) == (201, True)
    assert (await client.patch(final.headers["location"], len(data), b"")).status_code == 403
    assert [(await client.ask("HEAD", part)).status_code for part in parts] == [410, 410]


async def test_an_ended_upload_is_gone_with_its_bytes(media: Harness, client: Client) -> None:
    text = await client.create(9)
    refused = await client.patch(text, 0, b"no image!")
    assert (refused.status_code, refused.json()["error"]["code"]) == (415, "NOT_AN_IMAGE")
    path = await client.create(10)
    await client.patch(path, 0, b"12345")
    by_post = await client.ask("POST", path, x_http_method_override="DELETE")
    assert by_post.status_code == 204
    for ended in (text, path):
        assert (await client.ask("HEAD", ended)).status_code == 410
        assert (await client.patch(ended, 5, b"12345")).status_code == 410
    store = object_store(media.resources.settings.home / "objects")
    await (await bench(media.resources, store)).lifecycle.end_uploads()
    sessions = [UUID(hex=p.rpartition("/")[2]) for p in (text, path)]
    for session in sessions:
        assert await stored_keys(store, session_prefix(session)) == []


async def test_a_person_has_so_many_uploads_under_way(client: Client) -> None:
    paths = [await client.create(10) for _ in range(20)]
    refused = await client.ask("POST", "/uploads", upload_length="10")
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "QUOTA_EXCEEDED")
    await client.ask("DELETE", paths[0])
    await client.create(10)
