"""Pixels to bytes, with nothing of the source file but its pixels."""

from __future__ import annotations

import io

from PIL import Image

from media_core.engine.colour import flatten
from media_core.errors import ImageRejected, RejectCode
from media_core.results import Variant
from media_core.spec import Format

__all__ = ["encode"]

_QUALITY = {Format.WEBP: 80, Format.AVIF: 60, Format.JPEG: 82, Format.PNG: 100}
_LONGEST = {Format.WEBP: 16_383, Format.AVIF: 32_767, Format.JPEG: 65_500, Format.PNG: 2**31 - 1}
_LARGE = 4_000_000
"""Pixels from which deflate's higher levels cost seconds for a few percent."""


def encode(picture: Image.Image, format_: Format, quality: int | None = None) -> Variant:
    """One variant. JPEG is flattened onto white."""
    if max(picture.size) > _LONGEST[format_]:
        raise ImageRejected(RejectCode.SIDE_TOO_LONG, f"for {format_.value}")
    wanted = quality or _QUALITY[format_]
    out = io.BytesIO()
    picture.info = {}
    match format_:
        case Format.WEBP:
            picture.save(out, "WEBP", quality=wanted, method=4)
        case Format.AVIF:
            picture.save(out, "AVIF", quality=wanted, speed=7, max_threads=1)
        case Format.JPEG:
            flatten(picture).save(out, "JPEG", quality=wanted, optimize=True, progressive=True)
        case Format.PNG:
            large = picture.width * picture.height > _LARGE
            picture.save(out, "PNG", compress_level=2 if large else 6)
    return Variant(out.getvalue(), picture.width, picture.height, format_.value)
