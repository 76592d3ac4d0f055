"""A picture cut to a shape: around the point its owner names, or where there is most to see."""

from __future__ import annotations

import math
from itertools import accumulate

from PIL import Image, ImageFilter

from media_core.engine.colour import flatten
from media_core.engine.decode import open_picture, refusing
from media_core.engine.encode import encode
from media_core.engine.pipeline import Stopwatch, decoded, shown
from media_core.engine.planes import rgb
from media_core.engine.resize import fit, reduce_to
from media_core.formats import Buffer
from media_core.results import Variant
from media_core.spec import Crop, Spec

__all__ = ["crop", "focus_of"]

_SIDE = 96
_COLOUR = 0.4
"""What a fully saturated pixel counts beside the strongest edge."""


def crop(data: Buffer, spec: Spec, wanted: Crop, watch: Stopwatch) -> Variant:
    """Exactly that shape, and that size unless the picture is smaller."""
    with watch.stage("open"):
        opened = open_picture(data, spec.limits, spec.turn)
    size, cover = _sizes(opened.upright, wanted)
    with watch.stage("decode"):
        whole = decoded(opened, max(cover), spec.format)
    with watch.stage("resize"), refusing():
        picture = rgb(shown(whole, opened, cover))
        focus = wanted.focus or focus_of(picture, size)
        left, top = (_start(at, inner, outer) for at, inner, outer in zip(focus, size, cover, strict=True))
        cut = picture.crop((left, top, left + size[0], top + size[1]))
    with watch.stage("encode"), refusing():
        return encode(cut, spec, opened.notice if spec.keep_copyright else b"")


def _sizes(whole: tuple[int, int], wanted: Crop) -> tuple[tuple[int, int], tuple[int, int]]:
    """The cut's, and the whole's that it is cut from."""
    width, height = whole
    size = wanted.within(width, height)
    scale = max(size[0] / width, size[1] / height)
    return size, (max(size[0], round(width * scale)), max(size[1], round(height * scale)))


def _start(focus: float, inner: int, outer: int) -> int:
    return max(0, min(outer - inner, round(focus * outer - inner / 2)))


def focus_of(picture: Image.Image, size: tuple[int, int]) -> tuple[float, float]:
    """The middle of the window of that shape with the most edges and colour in it, from 0 to 1 each way."""
    small = reduce_to(flatten(picture), fit(picture.size, _SIDE))
    hue_saturation_value = small.convert("RGB").convert("HSV")
    colour = hue_saturation_value.getchannel("S").point([round(n * _COLOUR) for n in range(256)])
    edges = small.convert("L").filter(ImageFilter.FIND_EDGES)
    interest = Image.blend(edges, colour, 0.5)
    shares = [inner / outer for inner, outer in zip(size, picture.size, strict=True)]
    columns = interest.resize((small.width, 1), Image.Resampling.BOX).tobytes()
    rows = interest.resize((1, small.height), Image.Resampling.BOX).tobytes()
    across, down = (_fullest(line, share) for line, share in zip((columns, rows), shares, strict=True))
    return across, down


def _fullest(line: bytes, share: float) -> float:
    """Where the window of that share of the line has the largest sum; of equals, the one nearest the middle."""
    length = len(line)
    window = min(length, max(1, math.ceil(share * length)))
    sums = [0, *accumulate(line)]
    starts = range(length - window + 1)
    middle = (length - window) / 2
    best = max(starts, key=lambda at: (sums[at + window] - sums[at], -abs(at - middle)))
    return (best + window / 2) / length
