"""A film's poster, by the extra `media-extra` (PyAV): the frame most like the others near its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from typing import Any

from PIL import Image

from media_core.engine.decode import refusing, stream
from media_core.engine.encode import encode
from media_core.engine.pipeline import Stopwatch
from media_core.engine.planes import Planes, reduced
from media_core.engine.resize import fit, reduce_to
from media_core.errors import ImageRejected, RejectCode
from media_core.formats import Buffer
from media_core.formats.header import Header
from media_core.formats.walk import check
from media_core.results import Variant
from media_core.spec import SIZES, Spec

__all__ = ["poster"]

_FRAMES, _STEP = 12, 5
"""How many frames are compared, each so many after the one before."""
_CONTAINERS = "mov,mp4,matroska,webm,ogg,avi"
_BINS = 16


def poster(data: Buffer, spec: Spec, watch: Stopwatch) -> Variant:
    """The spec's one size of it."""
    if find_spec("av") is None:
        raise ImageRejected(RejectCode.UNSUPPORTED_FORMAT, "films need the extra media-extra")
    with watch.stage("decode"):
        frame = _chosen(data, spec)
    with watch.stage("resize"), refusing():
        picture = reduced(Planes.of(frame), fit(frame.size, SIZES[spec.sizes[0]]))
    with watch.stage("encode"), refusing():
        return encode(picture, spec)


def _chosen(data: Buffer, spec: Spec) -> Image.Image:
    """Nearest to the mean histogram, so neither the fade from black nor a flash."""
    import av

    try:
        with av.open(stream(data), mode="r", options={"format_whitelist": _CONTAINERS}) as film:
            track = film.streams.video[0]
            track.codec_context.thread_count = 1
            context = track.codec_context
            check(Header("film", context.width, context.height), spec.limits)
            frames = [_small(frame, spec) for frame in islice(film.decode(track), 0, _FRAMES * _STEP, _STEP)]
    except (av.error.FFmpegError, IndexError) as error:
        raise ImageRejected(RejectCode.NOT_AN_IMAGE, str(error)) from error
    if not frames:
        raise ImageRejected(RejectCode.CORRUPT, "no frame")
    histograms = [_histogram(frame) for frame in frames]
    mean = [sum(column) / len(frames) for column in zip(*histograms, strict=True)]
    distances = [sum((a - b) ** 2 for a, b in zip(one, mean, strict=True)) for one in histograms]
    return frames[distances.index(min(distances))]


def _small(frame: Any, spec: Spec) -> Image.Image:
    """At the largest size wanted: the whole ones would not fit in memory together."""
    picture: Image.Image = frame.to_image()
    return reduce_to(picture, fit(picture.size, max(SIZES[name] for name in spec.sizes)))


def _histogram(picture: Image.Image) -> list[float]:
    counts = picture.convert("L").histogram()
    bins: Iterator[int] = (sum(counts[at : at + 256 // _BINS]) for at in range(0, 256, 256 // _BINS))
    return [count / (picture.width * picture.height) for count in bins]
