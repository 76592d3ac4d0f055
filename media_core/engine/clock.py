"""When a picture was taken, by its camera's clock (Exif 3.0, 4.6.6): the one note that is read before all are dropped."""

from __future__ import annotations

import re
from datetime import datetime

from PIL import ImageFile

__all__ = ["taken_at"]

_EXIF = 0x8769
_TIMES = ((0x9003, 0x9011), (0x9004, 0x9012))
"""When it was taken, else when it was digitised; each with its offset from UTC."""
_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)\0*", re.ASCII)
_OFFSET = re.compile(r"([+-](?:0\d|1[0-4]):[0-5]\d)\0*", re.ASCII)


def taken_at(picture: ImageFile.ImageFile) -> str | None:
    """In ISO 8601; without an offset where there is none. Whatever cannot be read is not there."""
    try:
        tags = picture.getexif().get_ifd(_EXIF)
        for time, offset in _TIMES:
            found = _TIME.fullmatch(str(tags.get(time, "")))
            if found:
                zone = _OFFSET.fullmatch(str(tags.get(offset, "")))
                return datetime(*map(int, found.groups())).isoformat() + (zone[1] if zone else "")  # type: ignore[arg-type]  # noqa: DTZ001
    except Exception:
        return None
    return None
