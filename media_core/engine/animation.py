"""A moving picture, smaller: its frames in one size, as WebP, within bounds; beside it the stills as always."""

from __future__ import annotations

import io

from PIL import Image, ImageFile

from media_core.engine.colour import plain, to_srgb
from media_core.engine.decode import open_picture, refusing
from media_core.engine.resize import fit, reduce_to, upright
from media_core.formats import Buffer
from media_core.formats.rights import with_exif
from media_core.results import Variant
from media_core.spec import SIZES, Spec

__all__ = ["animation"]

_MAX_PIXELS_IN, _MAX_PIXELS_OUT = 400_000_000, 40_000_000
"""Of all frames together: what a few seconds decode, and what the memory holds."""
_QUALITY, _METHOD = 75, 2
_SHORTEST = 20
"""Milliseconds: browsers show what claims to be faster at their own pace."""


def animation(data: Buffer, size: str | None, spec: Spec) -> Variant | None:
    """In a size, or whole; None for a still picture, and for one with more frames or pixels than the bounds."""
    opened = open_picture(data, spec.limits, spec.turn)
    header, target = opened.header, fit(opened.upright, SIZES[size]) if size else opened.upright
    frames, pixels = header.frames, target[0] * target[1]
    if not 1 < frames <= spec.limits.max_moving_frames or opened.decoder is None:
        return None
    if header.width * header.height * frames > _MAX_PIXELS_IN or pixels * frames > _MAX_PIXELS_OUT:
        return None
    with refusing():
        decoder, shown, durations = opened.decoder, [], []
        for at in range(frames):
            decoder.seek(at)
            if decoder.size != (header.width, header.height):  # a GIF frame reaches over its screen
                return None
            decoder.load()
            frame = to_srgb(plain(decoder.copy()), opened.profile)
            shown.append(reduce_to(upright(frame, opened.orientation), target))
            durations.append(_duration(decoder))
        moving = _written(shown, durations, _loops(decoder))
    if spec.keep_copyright and opened.notice:
        moving = with_exif(moving, "webp", opened.notice)
    return Variant(moving, *target, "webp")


def _written(frames: list[Image.Image], durations: list[int], loops: int) -> bytes:
    out = io.BytesIO()
    frames[0].save(
        out,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=loops,
        quality=_QUALITY,
        method=_METHOD,
    )
    return out.getvalue()


def _duration(picture: ImageFile.ImageFile) -> int:
    value = picture.info.get("duration", 100)
    return min(max(_SHORTEST, round(value)), 60_000) if isinstance(value, (int, float)) else 100


def _loops(picture: ImageFile.ImageFile) -> int:
    """How often; 0 is for ever. A GIF without the block is played once."""
    value = picture.info.get("loop", 1)
    return min(value, 65_535) if isinstance(value, int) and value >= 0 else 0
