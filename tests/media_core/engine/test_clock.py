"""When a picture was taken, as its camera says, and as nobody can make it say."""

from __future__ import annotations

import pytest

import media_core
from tests.media_core.photographs import encoded, exif, scene


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_format_that_carries_it_tells(format_: str) -> None:
    data = encoded(scene(30, 20), format_, exif=exif(6, offset="+02:00"))
    assert media_core.inspect(data).taken_at == "2026-05-01T10:00:00+02:00"
    assert media_core.process(data).metadata.taken_at == "2026-05-01T10:00:00+02:00"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "2026-05-01T10:00:00"),
        ({"offset": "Z"}, "2026-05-01T10:00:00"),
        ({"offset": "-15:00"}, "2026-05-01T10:00:00"),
        ({"taken": "    :  :     :  :  ", "digitised": "1999:12:31 23:59:59"}, "1999-12-31T23:59:59"),
        ({"taken": "0000:00:00 00:00:00"}, None),
        ({"taken": "2026:02:30 10:00:00"}, None),
        ({"taken": "2026-05-01T10:00:00"}, None),
        ({"taken": "yesterday" * 1000}, None),
    ],
)
def test_what_is_no_time_is_not_there(given: dict[str, str], told: str | None) -> None:
    assert media_core.inspect(encoded(scene(30, 20), "JPEG", exif=exif(**given))).taken_at == told  # type: ignore[arg-type]
