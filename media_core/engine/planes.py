"""An opaque picture as luma and halved chroma: what JPEG and WebP hold, so nothing is gained by RGB between them.

Resizing costs a third less than in RGB, and each size goes to the encoder without being taken apart again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from PIL import Image

from media_core.engine.resize import fit, reduce_to, upright

__all__ = ["Picture", "Planes", "half", "reduced", "rgb", "sample", "turned"]

_SAMPLE = 64
_FROM_STUDIO = {
    "y": [max(0, min(255, round((n - 16) * 255 / 219))) for n in range(256)],
    "c": [max(0, min(255, round((n - 128) * 255 / 224 + 128))) for n in range(256)],
}
_TO_STUDIO = {
    "y": [round(n * 219 / 255 + 16) for n in range(256)],
    "c": [round((n - 128) * 224 / 255 + 128) for n in range(256)],
}


@dataclass(frozen=True, slots=True)
class Planes:
    """Three pictures of mode L, each covering the whole; after ``reduced_to``, ``cb`` and ``cr`` have half the sides."""

    y: Image.Image
    cb: Image.Image
    cr: Image.Image
    studio: bool = False
    """Whether black is 16 and white 235, as in WebP, rather than 0 and 255, as in JPEG. Both are BT.601."""
    sample: Image.Image | None = None
    """What it was made from, small: planes of 8 bits do not give back every colour exactly."""

    @classmethod
    def of(cls, picture: Image.Image) -> Planes:
        """From RGB or L."""
        if picture.mode == "L":
            flat = Image.new("L", half(picture.size), 128)
            return cls(picture, flat, flat)
        small = picture.reduce(2)
        chroma = small.convert("YCbCr")
        sample = reduce_to(small, fit(small.size, _SAMPLE))
        return cls(picture.convert("L"), chroma.getchannel(1), chroma.getchannel(2), sample=sample)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.y.size

    @property
    def channels(self) -> tuple[Image.Image, Image.Image, Image.Image]:
        """Y, Cb and Cr."""
        return self.y, self.cb, self.cr

    def reduced_to(self, size: tuple[int, int]) -> Planes:
        """Luma of that size by Lanczos; chroma of half of it more softly, where the eye is no judge."""
        cb, cr = (_softly(plane, half(size)) for plane in (self.cb, self.cr))
        return replace(self, y=reduce_to(self.y, size), cb=cb, cr=cr)

    def upright(self, orientation: int) -> Planes:
        """Turned and mirrored as the camera meant it."""
        y, cb, cr = (upright(plane, orientation) for plane in self.channels)
        return replace(self, y=y, cb=cb, cr=cr)

    def rgb(self) -> Image.Image:
        """As RGB."""
        y, cb, cr = self.channels if not self.studio else self._mapped(_FROM_STUDIO)
        whole = [c.resize(y.size, Image.Resampling.BILINEAR) if c.size != y.size else c for c in (cb, cr)]
        return Image.merge("YCbCr", (y, *whole)).convert("RGB")

    def studio_bytes(self) -> tuple[bytes, bytes, bytes]:
        """Each plane's rows, in WebP's range."""
        y, cb, cr = self.channels if self.studio else self._mapped(_TO_STUDIO)
        return y.tobytes(), cb.tobytes(), cr.tobytes()

    def _mapped(self, tables: dict[str, list[int]]) -> tuple[Image.Image, Image.Image, Image.Image]:
        return self.y.point(tables["y"]), self.cb.point(tables["c"]), self.cr.point(tables["c"])


def half(size: tuple[int, int]) -> tuple[int, int]:
    """Of both sides, rounded up, as 4:2:0 has it."""
    return (size[0] + 1) // 2, (size[1] + 1) // 2


def _softly(plane: Image.Image, size: tuple[int, int]) -> Image.Image:
    if plane.size == size:
        return plane
    return plane.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.0)


Picture: TypeAlias = Image.Image | Planes
"""Planes where it is opaque and will be subsampled, else Pillow's own."""


def reduced(picture: Picture, size: tuple[int, int]) -> Picture:
    """By Lanczos."""
    return picture.reduced_to(size) if isinstance(picture, Planes) else reduce_to(picture, size)


def turned(picture: Picture, orientation: int) -> Picture:
    """Turned and mirrored as the camera meant it."""
    return picture.upright(orientation) if isinstance(picture, Planes) else upright(picture, orientation)


def rgb(picture: Picture) -> Image.Image:
    """As Pillow has it."""
    return picture.rgb() if isinstance(picture, Planes) else picture


def sample(picture: Picture) -> Image.Image:
    """Its colours at their truest, which may be too small and not upright."""
    return picture.sample or picture.rgb() if isinstance(picture, Planes) else picture
