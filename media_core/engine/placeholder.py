"""What is shown before the picture is there: a blurred miniature, a hash, a colour."""

from __future__ import annotations

import base64
import io
from collections import Counter

from PIL import Image

from media_core.engine.blurhash import blurhash
from media_core.engine.colour import flatten
from media_core.engine.resize import fit, reduce_to
from media_core.engine.thumbhash import thumbhash

__all__ = ["blur_placeholder", "blurhash_of", "dominant_color", "hash_of", "palette"]

_PREFIX = "data:image/webp;base64,"
_LONGEST = 1024
_TRIES = ((32, 50), (24, 40), (16, 30), (8, 20), (4, 10))
_HASH_SIDE = 32
_COLOUR_SIDE = 64
_COLOURS = 6


def blur_placeholder(picture: Image.Image) -> str:
    """A data URI of at most 1,024 characters; a browser's scaling does the blurring."""
    uri = ""
    for side, quality in _TRIES:
        out = io.BytesIO()
        reduce_to(picture, fit(picture.size, side)).save(out, "WEBP", quality=quality, method=4)
        uri = _PREFIX + base64.b64encode(out.getvalue()).decode("ascii")
        if len(uri) <= _LONGEST:
            break
    return uri


def hash_of(picture: Image.Image) -> str:
    """The ThumbHash, base64."""
    small = reduce_to(picture, fit(picture.size, _HASH_SIDE)).convert("RGBA")
    return base64.b64encode(thumbhash(*small.size, small.tobytes())).decode("ascii")


def dominant_color(picture: Image.Image) -> tuple[int, int, int]:
    """The mean of the fullest of 4,096 bins over what is not see-through; white where nothing is."""
    small = reduce_to(picture, fit(picture.size, _COLOUR_SIDE)).convert("RGBA").tobytes()
    seen = [
        pixel
        for pixel in zip(small[::4], small[1::4], small[2::4], small[3::4], strict=True)
        if pixel[3] >= 128
    ]
    if not seen:
        return 255, 255, 255
    bins = Counter((r >> 4, g >> 4, b >> 4) for r, g, b, _ in seen)
    fullest = max(bins, key=lambda key: (bins[key], key))
    members = [pixel for pixel in seen if (pixel[0] >> 4, pixel[1] >> 4, pixel[2] >> 4) == fullest]
    r, g, b = (round(sum(pixel[at] for pixel in members) / len(members)) for at in range(3))
    return r, g, b


def blurhash_of(picture: Image.Image) -> str:
    """The BlurHash; what is see-through is white."""
    return blurhash(flatten(reduce_to(picture, fit(picture.size, _HASH_SIDE))).convert("RGB"))


def palette(picture: Image.Image) -> tuple[tuple[int, int, int], ...]:
    """At most six colours by median cut, the most frequent first; what is see-through is white."""
    small = flatten(reduce_to(picture, fit(picture.size, _COLOUR_SIDE))).convert("RGB")
    quantised = small.quantize(_COLOURS, Image.Quantize.MEDIANCUT)
    table = quantised.getpalette() or []
    counts = sorted(((count, at) for at, count in enumerate(quantised.histogram()) if count), reverse=True)
    return tuple((table[3 * at], table[3 * at + 1], table[3 * at + 2]) for _, at in counts)
