"""BlurHash: a picture in about 30 characters, after Wolt's published algorithm (github.com/woltapp/blurhash)."""

from __future__ import annotations

import math

from PIL import Image

__all__ = ["blurhash"]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_LINEAR = [n / 255 / 12.92 if n <= 10 else ((n / 255 + 0.055) / 1.055) ** 2.4 for n in range(256)]
_Colour = tuple[float, float, float]


def blurhash(picture: Image.Image) -> str:
    """Of an RGB picture of some 32 pixels a side; four parts along the longer side, three along the other."""
    across, down = (4, 3) if picture.width >= picture.height else (3, 4)
    parts = _parts(picture, across, down)
    average, rest = parts[0], parts[1:]
    strongest = max(abs(value) for part in rest for value in part)
    level = max(0, min(82, math.floor(strongest * 166 - 0.5)))
    text = _digits(across - 1 + (down - 1) * 9, 1) + _digits(level, 1)
    red, green, blue = (_encoded(value) for value in average)
    text += _digits(red << 16 | green << 8 | blue, 4)
    return text + "".join(_digits(_quantised(part, (level + 1) / 166), 2) for part in rest)


def _parts(picture: Image.Image, across: int, down: int) -> list[_Colour]:
    """The cosine transform in linear light, rows first: the sums of the reference at a fraction of its cost."""
    width, height = picture.size
    planes = [[_LINEAR[n] for n in picture.getchannel(at).tobytes()] for at in range(3)]
    columns = [[math.cos(math.pi * i * x / width) for x in range(width)] for i in range(across)]
    rows = [[math.cos(math.pi * j * y / height) for y in range(height)] for j in range(down)]
    lines = [
        [[_dot(plane[y * width : (y + 1) * width], factors) for y in range(height)] for factors in columns]
        for plane in planes
    ]
    parts = []
    for j in range(down):
        for i in range(across):
            scale = (2 if i or j else 1) / (width * height)
            red, green, blue = (_dot(plane[i], rows[j]) * scale for plane in lines)
            parts.append((red, green, blue))
    return parts


def _dot(left: list[float], right: list[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def _encoded(value: float) -> int:
    clipped = max(0.0, min(1.0, value))
    curved = clipped * 12.92 if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055
    return int(curved * 255 + 0.5)


def _quantised(part: _Colour, strongest: float) -> int:
    red, green, blue = (
        max(0, min(18, math.floor(math.copysign(abs(value / strongest) ** 0.5, value) * 9 + 9.5)))
        for value in part
    )
    return (red * 19 + green) * 19 + blue


def _digits(value: int, length: int) -> str:
    return "".join(_ALPHABET[value // 83**at % 83] for at in reversed(range(length)))
