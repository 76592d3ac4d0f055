"""`POST /upload` where an upload is not taken: every client has its answer."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import httpx
from starlette.requests import Request
from starlette.types import Message

from media_core import PoolBusy, Processed
from media_core.storage import DiskStore
from subgraphs.kit.identity.tokens import TokenVerifier, access_token_rules
from subgraphs.kit.settings import Storage
from subgraphs.media.limits.admission import Admission
from subgraphs.media.processing.pipeline import Process
from subgraphs.media.uploads.form import FormDoor
from tests.subgraphs.harness import Harness, access_token
from tests.subgraphs.media.acting import small_picture
from tests.subgraphs.media.bench import bench
from tests.subgraphs.media.http_door import served


async def _busy(*_: object) -> Processed:
    raise PoolBusy(3)


async def _door(
    media: Harness, folder: Path, admission: Admission, process: Process | None = None
) -> FormDoor:
    resources, services = media.resources, media.service.runtime.services
    components = await bench(resources, DiskStore(folder), process)
    verifier = TokenVerifier(access_token_rules(), resources.settings.access_token_keys, resources.clock)
    return FormDoor(resources, components.media, services.addresses, verifier, admission)


async def test_an_upload_that_was_read_and_finds_the_workers_busy_is_told_when_to_come_again(
    media: Harness, tmp_path: Path
) -> None:
    door = await _door(media, tmp_path, Admission(Storage()), _busy)
    headers = {"authorization": access_token(uuid4())}
    async with served(door.routes()) as origin, httpx.AsyncClient() as client:
        answer = await client.post(f"{origin}/upload", files={"file": small_picture()}, headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert answer.json()["error"]["code"] == "RATE_LIMITED"


async def test_a_client_that_is_refused_before_it_has_sent_all_is_answered_and_may_have_gone(
    media: Harness, tmp_path: Path
) -> None:
    admission = Admission(Storage(uploads_at_once=1, uploads_waiting=0))
    door = await _door(media, tmp_path, admission)
    token = access_token(uuid4())
    files = {"file": small_picture() + bytes(1 << 20)}

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    sent: list[Message] = []

    async def told(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "headers": [(b"authorization", token.encode())]}
    async with (
        admission.slot(uuid4()),
        served(door.routes()) as origin,
        httpx.AsyncClient() as client,
    ):
        answer = await client.post(f"{origin}/upload", files=files, headers={"authorization": token})
        unknown = await client.post(f"{origin}/upload", files=files)
        left = await door.upload(Request(scope, gone))
        await left(scope, gone, told)
    assert (answer.status_code, unknown.status_code) == (429, 401)
    assert [message.get("status") for message in sent] == [429, None, None]
