"""A picture whose sizes cannot be made just now is taken all the same, and finished later."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.datastructures import UploadFile

from media_core import ImageRejected, PoolUnavailable, Processed, RejectCode, process_async
from media_core.storage import DiskStore, object_store
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.errors import Rejected
from subgraphs.kit.graph.relay import to_global
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.media.components import components_on
from subgraphs.media.processing.pipeline import Process
from subgraphs.media.readers import Reader
from subgraphs.media.repository import MediaRepository
from subgraphs.media.service import MediaService, Upload
from tests.media_core.photographs import encoded, photograph, scene
from tests.subgraphs.harness import Harness
from tests.subgraphs.media.bench import editing_on


class _Clock(SystemClock):
    """Goes ahead of the machine's by as much as it is told."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


_QUERY = """query ($i: ID!) { mediaFile(id: $i) { status url optimizedUrl srcset responsiveSizes { large { width } }
  blurPlaceholder dominantColor { hex } metadata { width height format } } }"""


@pytest.mark.parametrize(
    ("storage", "code"),
    [
        ({"picture_pixels": 60 * 40 - 1}, "TOO_MANY_PIXELS"),
        ({"picture_side": 59}, "TOO_MANY_PIXELS"),
        ({"picture_frames": 1}, "TOO_MANY_FRAMES"),
        ({"animation_pixels": 2 * 60 * 40 - 1}, "TOO_MANY_FRAMES"),
    ],
)
async def test_a_picture_beyond_a_setting_is_refused(
    media: Harness, storage: dict[str, Any], code: str
) -> None:
    resources = media.resources
    settings = replace(resources.settings, storage=replace(resources.settings.storage, **storage))
    store = object_store(settings.home / "objects")
    components = await components_on(replace(resources, settings=settings), store)
    frames = [scene(60, 40, seed) for seed in (1, 2)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(Rejected) as refused:
        await components.media.upload(uuid4(), Upload(UploadFile(io.BytesIO(data)), "PUBLIC"))
    assert refused.value.errors[0].code.value == code


async def _service(media: Harness, process: Process) -> MediaService:
    store = object_store(media.resources.settings.home / "objects")
    return (await components_on(media.resources, store, process)).media


def _failing(*errors: Exception) -> Process:
    """media_core's, which first fails so often."""
    left = list(errors)

    async def process(*given: Any) -> Processed:
        if left:
            raise left.pop(0)
        return await process_async(*given)

    return process


def _picture(data: bytes) -> Upload:
    return Upload(UploadFile(io.BytesIO(data), filename="picture.jpg"), "PUBLIC")


@pytest.mark.parametrize(
    "error",
    [
        ImageRejected(RejectCode.TIMEOUT),
        ImageRejected(RejectCode.OUT_OF_MEMORY),
        PoolUnavailable("none starts"),
    ],
)
async def test_it_is_stored_and_served_whole_and_gets_its_sizes_later(
    media: Harness, error: Exception
) -> None:
    service = await _service(media, _failing(error, ImageRejected(RejectCode.TIMEOUT)))
    owner = uuid4()
    row = await service.upload(owner, _picture(photograph(2400, 1800)))
    asked = {"i": to_global("MediaFile", row.id)}
    degraded = (await media.ask(_QUERY, asked))["mediaFile"]
    url = degraded.pop("url")
    assert "/full.jpeg?" in url
    assert degraded == {
        "status": "DEGRADED",
        "optimizedUrl": None,
        "srcset": None,
        "responsiveSizes": None,
        "blurPlaceholder": None,
        "dominantColor": None,
        "metadata": {"width": 2400, "height": 1800, "format": "jpeg"},
    }
    assert await service.finish(row) is False
    assert (await media.ask(_QUERY, asked))["mediaFile"]["status"] == "DEGRADED"
    assert await service.finish(row) is True
    finished = (await media.ask(_QUERY, asked))["mediaFile"]
    assert (finished["status"], finished["url"]) == ("READY", url)
    assert finished["responsiveSizes"] == {"large": {"width": 1920}}
    assert None not in finished.values()


async def test_what_is_no_picture_is_refused_however_the_machine_is(media: Harness) -> None:
    service = await _service(media, _failing(PoolUnavailable("none starts")))
    with pytest.raises(Rejected) as refused:
        await service.upload(uuid4(), _picture(b"text"))
    assert [e.code.value for e in refused.value.errors] == ["NOT_AN_IMAGE"]


async def test_one_that_fails_for_its_own_sake_is_given_up_and_its_owner_may_have_it_tried_again(
    media: Harness, tmp_path: Path
) -> None:
    vain = [ImageRejected(RejectCode.TIMEOUT)] * 19
    away = [PoolUnavailable("none starts")] * 9
    clock = _Clock()
    resources = replace(media.resources, clock=clock)
    components = await components_on(resources, DiskStore(tmp_path), _failing(*vain[:1], *away, *vain[1:]))
    row = await components.media.upload(uuid4(), _picture(photograph(640, 480)))
    asked = {"i": to_global("MediaFile", row.id)}
    clock.ahead = timedelta(seconds=30)
    for _ in range(len(away) + 7):
        assert await components.media.finish(row) is False
    clock.ahead = timedelta(0)
    for _ in range(10):  # by other processes, at the same time
        assert await components.media.finish(row) is False
    clock.ahead = timedelta(seconds=30)
    assert (await media.ask(_QUERY, asked))["mediaFile"]["status"] == "DEGRADED"
    assert await components.media.finish(row) is False
    assert (await media.ask(_QUERY, asked))["mediaFile"]["status"] == "FAILED"
    waiting = await MediaRepository(media.resources.database).degraded(UUID(int=0), 1000)
    assert row.id not in {one.id for one in waiting}
    edited = await editing_on(media.resources, components).rotate(Reader(Viewer(id=row.owner_id)), row.id, 0)
    assert (edited.status, edited.tries) == ("READY", 0)
