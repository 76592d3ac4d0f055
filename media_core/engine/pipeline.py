"""One decode, a cascade of sizes, and everything derived from the smallest that will do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from PIL import Image

from media_core.engine.colour import plain, to_srgb
from media_core.engine.decode import Opened, load, open_picture, refusing
from media_core.engine.encode import encode
from media_core.engine.full import full_size
from media_core.engine.placeholder import blur_placeholder, dominant_color, hash_of
from media_core.engine.resize import fit, reduce_to, upright
from media_core.formats import Buffer
from media_core.results import ImageMetadata, Processed, Variant
from media_core.spec import SIZES, Limits, Spec

__all__ = ["Source", "Stopwatch", "inspect", "process"]

_MINIATURE = 150


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes for the walkers, and where they lie on disk the file for the decoder."""

    data: Buffer
    file: IO[bytes] | None = None

    def open(self, limits: Limits) -> Opened:
        """A fresh decoder at the beginning."""
        if self.file is not None:
            self.file.seek(0)
        return open_picture(self.data, self.file, limits)


@dataclass(slots=True)
class Stopwatch:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Adds what the block takes."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin


def process(source: Source, spec: Spec, watch: Stopwatch) -> Processed:
    """The whole pipeline over one picture."""
    with watch.stage("open"):
        opened = source.open(spec.limits)
    pictures, miniature, alpha = _pictures(opened, spec, watch)
    with watch.stage("encode"):
        variants = _encoded(pictures, spec)
    with watch.stage("placeholder"), refusing():
        blur, digest, colour = blur_placeholder(miniature), hash_of(miniature), dominant_color(miniature)
    full = None
    if spec.full_size:
        with watch.stage("full"):
            full = full_size(source.data, source.open(spec.limits))
    return Processed(variants, blur, digest, colour, _metadata(source, opened, alpha), full)


def inspect(source: Source, limits: Limits) -> ImageMetadata:
    """What the headers say; nothing is decoded."""
    opened = source.open(limits)
    return _metadata(source, opened, opened.alpha)


def _metadata(source: Source, opened: Opened, alpha: bool) -> ImageMetadata:
    header = opened.header
    return ImageMetadata(*opened.upright, header.format, len(source.data), header.frames, alpha)


def _pictures(
    opened: Opened, spec: Spec, watch: Stopwatch
) -> tuple[dict[str, Image.Image], Image.Image, bool]:
    """Each size wanted, largest first; the miniature; and whether anything is see-through."""
    wanted = sorted(spec.sizes, key=SIZES.__getitem__, reverse=True)
    longest = SIZES[wanted[0]] if wanted else _MINIATURE
    with watch.stage("decode"):
        decoded = load(opened, longest)
    with watch.stage("resize"), refusing():
        width, height = fit((opened.header.width, opened.header.height), longest)
        decoded = plain(decoded)
        current = reduce_to(decoded, (width, height))
        del decoded
        current = upright(to_srgb(current, opened.profile), opened.orientation)
        pictures = {}
        for name in wanted:
            current = reduce_to(current, fit(opened.upright, SIZES[name]))
            pictures[name] = current
        miniature = reduce_to(current, fit(opened.upright, _MINIATURE))
    return pictures, miniature, miniature.mode == "RGBA"


def _encoded(pictures: dict[str, Image.Image], spec: Spec) -> dict[str, Variant]:
    """Small pictures are the same in several sizes, and encoded once."""
    done: dict[tuple[int, int], Variant] = {}
    variants = {}
    for name, picture in pictures.items():
        if picture.size not in done:
            with refusing():
                done[picture.size] = encode(picture, spec.format, spec.quality)
        variants[name] = done[picture.size]
    return {name: variants[name] for name in spec.sizes}
