"""One decode, a cascade of sizes, and everything derived from the smallest that will do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from media_core.engine.animation import animation
from media_core.engine.colour import needs_conversion, plain, to_srgb
from media_core.engine.decode import Opened, load, load_planes, open_picture, refusing
from media_core.engine.encode import encode
from media_core.engine.full import full_size
from media_core.engine.placeholder import blur_placeholder, blurhash_of, dominant_color, hash_of, palette
from media_core.engine.planes import Picture, Planes, reduced, rgb, sample, turned
from media_core.engine.resize import fit
from media_core.formats import Buffer
from media_core.results import ImageMetadata, Processed, Variant
from media_core.spec import SIZES, Format, Limits, Spec

__all__ = ["Stopwatch", "decoded", "inspect", "process", "shown"]

_MINIATURE = 150


@dataclass(slots=True)
class Stopwatch:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)
    told: Callable[[str], None] | None = None
    """Hears of each stage as it begins."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Adds what the block takes."""
        if self.told is not None:
            self.told(name)
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin


def process(data: Buffer, spec: Spec, watch: Stopwatch) -> Processed:
    """The whole pipeline over one picture."""
    with watch.stage("open"):
        opened = open_picture(data, spec.limits, spec.turn)
    pictures, smallest = _pictures(opened, spec, watch)
    with watch.stage("encode"):
        variants = _encoded(pictures, spec, opened.notice if spec.keep_copyright else b"")
    with watch.stage("placeholder"), refusing():
        miniature = rgb(reduced(smallest, fit(opened.upright, _MINIATURE)))
        colours = sample(smallest)
        made = Processed(
            variants=variants,
            blur_placeholder=blur_placeholder(miniature),
            thumbhash=hash_of(miniature),
            blurhash=blurhash_of(miniature),
            dominant_color=dominant_color(colours),
            palette=palette(colours),
            metadata=_metadata(data, opened, miniature.mode == "RGBA"),
        )
    if spec.full_size:
        with watch.stage("full"):
            made = replace(made, full=full_size(data, spec))
    if spec.moving is not None and opened.header.frames > 1:
        with watch.stage("moving"):
            made = replace(made, moving=animation(data, spec.moving, spec))
    return made


def inspect(data: Buffer, limits: Limits) -> ImageMetadata:
    """What the headers say; nothing is decoded."""
    opened = open_picture(data, limits)
    return _metadata(data, opened, opened.alpha)


def decoded(opened: Opened, longest: int, format_: Format) -> Picture:
    """The first frame, at a scale that serves ``longest``; planes unless finer colour is of use."""
    lossy = format_ is not Format.PNG
    planes = load_planes(opened, longest) if lossy else None
    if planes is not None:
        return planes
    picture = load(opened, longest)
    with refusing():
        picture = plain(picture)
        subsampled = lossy and picture.mode in {"L", "RGB"}
        if subsampled and not needs_conversion(opened.profile, picture.mode):
            return Planes.of(picture)
        return picture


def shown(picture: Picture, opened: Opened, size: tuple[int, int]) -> Picture:
    """In that size, upright and sRGB."""
    width, height = size
    with refusing():
        small = reduced(picture, (height, width) if opened.orientation >= 5 else size)
        if not isinstance(small, Planes) or needs_conversion(opened.profile, "RGB"):
            small = to_srgb(rgb(small), opened.profile)
        return turned(small, opened.orientation)


def _metadata(data: Buffer, opened: Opened, alpha: bool) -> ImageMetadata:
    header = opened.header
    return ImageMetadata(*opened.upright, header.format, len(data), header.frames, alpha, opened.taken_at)


def _pictures(opened: Opened, spec: Spec, watch: Stopwatch) -> tuple[dict[str, Picture], Picture]:
    """Each size wanted, made from the one above it, and the smallest of them."""
    wanted = sorted(spec.sizes, key=SIZES.__getitem__, reverse=True)
    longest = SIZES[wanted[0]] if wanted else _MINIATURE
    with watch.stage("decode"):
        whole = decoded(opened, longest, spec.format)
    with watch.stage("resize"), refusing():
        current = shown(whole, opened, fit(opened.upright, longest))
        del whole
        pictures = {}
        for name in wanted:
            current = reduced(current, fit(opened.upright, SIZES[name]))
            pictures[name] = current
    return pictures, current


def _encoded(pictures: dict[str, Picture], spec: Spec, notice: bytes) -> dict[str, Variant]:
    """Small pictures are the same in several sizes, and encoded once."""
    done: dict[tuple[int, int], Variant] = {}
    variants = {}
    for name, picture in pictures.items():
        if picture.size not in done:
            with refusing():
                done[picture.size] = encode(picture, spec, notice)
        variants[name] = done[picture.size]
    return {name: variants[name] for name in spec.sizes}
