"""A film's poster, by the extra `media-extra` (PyAV): the frame most like the others near its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from PIL import Image

from media_core.engine.decode import refusing, stream
from media_core.engine.encode import encode
from media_core.engine.pipeline import Stopwatch
from media_core.engine.planes import Planes, reduced
from media_core.engine.resize import fit
from media_core.engine.tracks import need_extra
from media_core.errors import ImageRejected, RejectCode
from media_core.formats import Buffer
from media_core.formats.header import Header
from media_core.formats.walk import check
from media_core.results import Variant
from media_core.spec import SIZES, Limits, Spec

__all__ = ["Shot", "poster", "shot"]

_FRAMES, _STEP = 12, 5
"""How many frames are compared, each so many after the one before."""
_CONTAINERS = "mov,mp4,matroska,webm,ogg,avi"
_BINS = 16
_TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}
_WIDEST = 4
"""Pixels that are said to be wider or higher than so many times the other side are taken for square."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame as it is shown, no longer than asked for, and the size that the film is shown in."""

    picture: Image.Image
    width: int
    height: int


def poster(data: Buffer, spec: Spec, watch: Stopwatch) -> Variant:
    """The spec's one size of it."""
    need_extra()
    with watch.stage("decode"):
        frame = _frame(data, spec)
    with watch.stage("resize"), refusing():
        picture = reduced(Planes.of(frame), fit(frame.size, SIZES[spec.sizes[0]]))
    with watch.stage("encode"), refusing():
        return encode(picture, spec)


def _frame(data: Buffer, spec: Spec) -> Image.Image:
    import av

    try:
        with av.open(stream(data), mode="r", options={"format_whitelist": _CONTAINERS}) as film:
            return shot(film, film.streams.video[0], spec.limits, SIZES[spec.sizes[0]]).picture
    except (av.error.FFmpegError, IndexError) as error:
        raise ImageRejected(RejectCode.NOT_AN_IMAGE, str(error)) from error


def shot(film: Any, track: Any, limits: Limits, longest: int) -> Shot:
    """Nearest to the mean histogram, so neither the fade from black nor a flash. Raises ImageRejected, FFmpegError."""
    context = track.codec_context
    check(Header("film", context.width, context.height), limits)
    context.thread_count = 1
    context.options = {"max_pixels": str(limits.max_pixels)}
    shots = [
        _shown(frame, track, limits, longest)
        for frame in islice(film.decode(track), 0, _FRAMES * _STEP, _STEP)
    ]
    if not shots:
        raise ImageRejected(RejectCode.CORRUPT, "no frame")
    histograms = [_histogram(one.picture) for one in shots]
    mean = [sum(column) / len(shots) for column in zip(*histograms, strict=True)]
    distances = [sum((a - b) ** 2 for a, b in zip(one, mean, strict=True)) for one in histograms]
    return shots[distances.index(min(distances))]


def _shown(frame: Any, track: Any, limits: Limits, longest: int) -> Shot:
    """Upright and with square pixels, reduced at once: the whole ones would not fit in memory together."""
    wide, high = _square(frame, track.sample_aspect_ratio)
    check(Header("film", wide, high), limits)
    width, height = fit((wide, high), longest)
    picture: Image.Image = frame.to_image(width=width, height=height, interpolation="AREA")
    turn = _TURNS.get(round(frame.rotation) % 360)
    if turn is None:
        return Shot(picture, wide, high)
    if turn is not Image.Transpose.ROTATE_180:
        wide, high = high, wide
    return Shot(picture.transpose(turn), wide, high)


def _square(frame: Any, ratio: Any) -> tuple[int, int]:
    """The size with pixels that are as wide as they are high."""
    if not ratio or not 1 / _WIDEST <= ratio <= _WIDEST:
        return frame.width, frame.height
    return max(1, round(frame.width * ratio)), frame.height


def _histogram(picture: Image.Image) -> list[float]:
    counts = picture.convert("L").histogram()
    bins: Iterator[int] = (sum(counts[at : at + 256 // _BINS]) for at in range(0, 256, 256 // _BINS))
    return [count / (picture.width * picture.height) for count in bins]
