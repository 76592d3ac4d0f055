"""One entry for all containers: the survey before decoding, and the lossless strip after."""

from __future__ import annotations

from media_core.errors import ImageRejected, RejectCode
from media_core.formats import avif, gif, jpeg, jxl, png, webp
from media_core.formats.header import Buffer, Header
from media_core.formats.sniff import sniff
from media_core.spec import Limits

__all__ = ["EXTRA", "check", "strip", "survey"]

EXTRA = frozenset({"heic", "jxl"})
"""Formats whose decoders are not Pillow's own."""


def survey(data: Buffer, limits: Limits, decodable: frozenset[str] = frozenset()) -> Header:
    """What the container says, within the limits, or a refusal; of :data:`EXTRA`, only ``decodable`` are taken."""
    if len(data) > limits.max_bytes:
        raise ImageRejected(RejectCode.TOO_MANY_BYTES)
    format_ = sniff(data)
    if format_ in EXTRA - decodable:
        raise ImageRejected(RejectCode.UNSUPPORTED_FORMAT, f"{format_} needs the extra media-extra")
    match format_:
        case "jpeg":
            header = jpeg.survey(data)
        case "png":
            header = png.survey(data)
        case "gif":
            header = gif.survey(data, limits.max_frames)
        case "webp":
            header = webp.survey(data)
        case "jxl":
            header = jxl.survey(data)
        case _:
            header = avif.survey(data, format_)
    check(header, limits)
    return header


def check(header: Header, limits: Limits) -> None:
    """The limits, before anything is decoded."""
    pixels = header.width * header.height
    if max(header.width, header.height) > limits.max_side:
        raise ImageRejected(RejectCode.SIDE_TOO_LONG, f"{header.width}x{header.height}")
    if pixels > limits.max_pixels:
        raise ImageRejected(RejectCode.TOO_MANY_PIXELS, f"{header.width}x{header.height}")
    if header.frames > limits.max_frames or pixels * header.frames > limits.max_animation_pixels:
        raise ImageRejected(RejectCode.TOO_MANY_FRAMES, f"{header.frames}")


def strip(data: Buffer, format_: str) -> bytes | None:
    """The same picture losslessly without metadata; None where the container cannot be so rebuilt (AVIF, HEIC, JPEG XL)."""
    match format_:
        case "jpeg":
            return jpeg.strip(data)
        case "png":
            return png.strip(data)
        case "gif":
            return gif.strip(data)
        case "webp":
            return webp.strip(data)
        case _:
            return None
