"""A picture whose sizes cannot be made just now is taken all the same, and finished later."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from starlette.datastructures import UploadFile

from media_core import ImageRejected, PoolUnavailable, Processed, RejectCode, process_async
from media_core.storage import object_store
from subgraphs.kit.errors import Rejected
from subgraphs.kit.relay import to_global
from subgraphs.media.pipeline import Process
from subgraphs.media.service import MediaService, Upload
from subgraphs.media.storing import storing_on
from tests.media_core.photographs import photograph
from tests.subgraphs.harness import Harness

_QUERY = """query ($i: ID!) { mediaFile(id: $i) { status url optimizedUrl srcset responsiveSizes { large { width } }
  blurPlaceholder dominantColor { hex } metadata { width height format } } }"""


async def _service(media: Harness, process: Process) -> MediaService:
    store = object_store(media.resources.settings.home / "objects")
    return (await storing_on(media.resources, store, process)).media


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
