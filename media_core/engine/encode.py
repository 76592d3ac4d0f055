"""Pixels to bytes, with nothing of the source file but its pixels."""

from __future__ import annotations

import io

from PIL import Image

from media_core.engine.colour import flatten
from media_core.engine.libwebp import LIBWEBP, Libwebp
from media_core.engine.planes import Picture, Planes, rgb
from media_core.errors import ImageRejected, RejectCode
from media_core.formats.rights import with_exif
from media_core.results import Variant
from media_core.spec import Format, Spec

__all__ = ["encode"]

_QUALITY = {Format.AVIF: 55, Format.JPEG: 82}
_LONGEST = {Format.WEBP: 16_383, Format.AVIF: 32_767, Format.JPEG: 65_500, Format.PNG: 2**31 - 1}
_LARGE_PNG = 4_000_000
"""Pixels from which deflate's higher levels cost seconds for a few percent."""
_LARGE_WEBP = 250_000
"""Pixels from which WebP's mode decisions by rate and distortion cost more than they save: what method 2 loses
beside 4 is won back by a stronger loop filter and more noise shaping than its defaults (tests/benchmarks/media)."""


def encode(picture: Picture, spec: Spec, notice: bytes = b"", webp: Libwebp | None = LIBWEBP) -> Variant:
    """One variant, with nothing but its pixels and the ``notice`` of :class:`Opened`."""
    format_ = spec.format
    if max(picture.size) > _LONGEST[format_]:
        raise ImageRejected(RejectCode.SIDE_TOO_LONG, f"for {format_.value}")
    data = (
        _webp(picture, spec.quality, webp) if format_ is Format.WEBP else _saved(rgb(picture), spec, notice)
    )
    if notice:
        data = with_exif(data, format_.value, notice)
    return Variant(data, *picture.size, format_.value)


def _webp(picture: Picture, quality: int | None, webp: Libwebp | None) -> bytes:
    """From planes, where there is nothing to see through: Pillow's way to them is the longer one."""
    method, usual = (2, 79.0) if picture.size[0] * picture.size[1] >= _LARGE_WEBP else (4, 80.0)
    if webp is None or (isinstance(picture, Image.Image) and picture.mode == "RGBA"):
        out = io.BytesIO()
        _bare(rgb(picture)).save(out, "WEBP", quality=quality or usual, method=method)
        return out.getvalue()
    planes = picture if isinstance(picture, Planes) else Planes.of(picture)
    settings = {"method": method, "filter_strength": 100, "sns_strength": 60}
    return webp.encode(planes.studio_bytes(), planes.size, quality or usual, **settings)


def _saved(picture: Image.Image, spec: Spec, notice: bytes) -> bytes:
    out = io.BytesIO()
    bare = _bare(picture)
    match spec.format:
        case Format.AVIF:
            quality = spec.quality or _QUALITY[spec.format]
            bare.save(out, "AVIF", quality=quality, speed=6, max_threads=1, exif=notice)
        case Format.JPEG:
            quality = spec.quality or _QUALITY[spec.format]
            flat = flatten(bare, spec.background)
            flat.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        case _:
            large = picture.width * picture.height > _LARGE_PNG
            bare.save(out, "PNG", compress_level=2 if large else 6)
    return out.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    picture.info = {}
    return picture
