"""Pictures drawn in code: a camera's photograph with all a camera writes, and small ones in every mode."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

__all__ = ["ARTIST", "COPYRIGHT", "SECRET", "encoded", "exif", "photograph", "pixels", "scene"]

SECRET = "Serial-0451-Hidden"
"""Stands in every metadata block; no output may have it."""
ARTIST, COPYRIGHT = "Ada Lövdahl-Nguyễn", "© Ada Lövdahl-Nguyễn, 2026"
"""Stay where their owner wants it, and nowhere else."""


def scene(width: int, height: int, seed: int = 1) -> Image.Image:
    """Sky, hills, shapes with hard edges, fine texture and sensor noise; the same for the same arguments."""
    sky = Image.linear_gradient("L").resize((width, height))
    soft = _noise(width // 64 + 2, height // 64 + 2, seed).resize((width, height), Image.Resampling.BICUBIC)
    fine = _noise(width // 6 + 2, height // 6 + 2, seed + 1).resize(
        (width, height), Image.Resampling.BILINEAR
    )
    picture = Image.merge("RGB", (Image.blend(sky, soft, 0.55), Image.blend(soft, fine, 0.35), sky))
    draw = ImageDraw.Draw(picture)
    for at in range(12):
        x, y = (at * 7919 * seed) % width, (at * 104_729 * seed) % height
        size = max(2, (width + height) // (20 + at * 4))
        colour = ((at * 53) % 256, (at * 97 + 40) % 256, (at * 151 + 90) % 256)
        (draw.ellipse if at % 2 else draw.rectangle)((x, y, x + size, y + size), fill=colour)
    grain = _noise(min(width, 1024), min(height, 1024), seed + 2).resize(
        (width, height), Image.Resampling.NEAREST
    )
    return Image.blend(picture, grain.convert("RGB"), 0.05)


def exif(orientation: int = 1, taken: str = "2026:05:01 10:00:00", **times: str) -> Image.Exif:
    """Camera, serial number and a place; ``offset`` and ``digitised`` where they are given."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F], block[0x0110] = "Example Camera", SECRET
    block[0x013B], block[0x8298] = ARTIST.encode(), COPYRIGHT.encode()
    block.get_ifd(0x8769).update({0x9003: taken, 0xA431: SECRET})
    tags = {"offset": 0x9011, "digitised": 0x9004}
    block.get_ifd(0x8769).update({tags[name]: text for name, text in times.items()})
    block.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return block


@lru_cache(maxsize=8)
def photograph(
    width: int = 4032, height: int = 3024, orientation: int = 1, quality: int = 95, seed: int = 1
) -> bytes:
    """A camera-fresh JPEG: fine quality, full Exif with GPS, a comment. Sizes are the sensor's, before turning."""
    out = io.BytesIO()
    scene(width, height, seed).save(
        out, "JPEG", quality=quality, exif=exif(orientation), comment=SECRET.encode(), subsampling="4:2:0"
    )
    return out.getvalue()


def encoded(picture: Image.Image, format_: str, **options: object) -> bytes:
    """Saved as that format."""
    out = io.BytesIO()
    picture.save(out, format_, **options)
    return out.getvalue()


def pixels(data: bytes) -> Image.Image:
    """Decoded, as it is."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def _noise(width: int, height: int, seed: int) -> Image.Image:
    """Grain without a random generator of its own: a hash of the place, smoothed a little."""
    import random

    return Image.frombytes("L", (width, height), random.Random(seed).randbytes(width * height)).filter(  # noqa: S311
        ImageFilter.SMOOTH
    )
