"""ThumbHash: a picture in about 25 bytes, after Evan Wallace's published reference (evanw.github.io/thumbhash)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["thumbhash"]

_NOISE = 1e-9
"""What rounding leaves where a channel is flat; scaled up it would be a random hash of one plain colour."""


@dataclass(frozen=True, slots=True)
class _Channel:
    """One colour channel as its mean and the low frequencies of its cosine transform."""

    dc: float
    ac: list[float]
    scale: float


def thumbhash(width: int, height: int, rgba: bytes) -> bytes:
    """The hash of a picture of at most 100 × 100 pixels, four bytes each, not premultiplied."""
    if not (0 < width <= 100 and 0 < height <= 100) or len(rgba) != width * height * 4:
        raise ValueError("a picture of at most 100 by 100 pixels, four bytes each")
    luma, yellow, red, alpha = _separate(rgba)
    has_alpha = min(alpha) < 1
    limit = 5 if has_alpha else 7  # luma yields bits to alpha
    longest = max(width, height)
    lx = max(1, math.floor(limit * width / longest + 0.5))
    ly = max(1, math.floor(limit * height / longest + 0.5))
    l_ = _transform(luma, width, height, max(3, lx), max(3, ly))
    p = _transform(yellow, width, height, 3, 3)
    q = _transform(red, width, height, 3, 3)
    a = _transform(alpha, width, height, 5, 5) if has_alpha else None
    landscape = width > height
    head = _level(l_.dc, 63) | _signed(p.dc, 63) << 6 | _signed(q.dc, 63) << 12
    head |= _level(l_.scale, 31) << 18 | has_alpha << 23
    more = (ly if landscape else lx) | _level(p.scale, 63) << 3 | _level(q.scale, 63) << 9 | landscape << 15
    out = bytearray(head.to_bytes(3, "little") + more.to_bytes(2, "little"))
    if a is not None:
        out.append(_level(a.dc, 15) | _level(a.scale, 15) << 4)
    nibbles = [_level(value, 15) for channel in (l_, p, q, a) if channel for value in channel.ac]
    nibbles += [0] * (len(nibbles) % 2)
    out += bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))
    return bytes(out)


def _separate(rgba: bytes) -> tuple[list[float], list[float], list[float], list[float]]:
    """Luma, yellow-blue, red-green and alpha, composed over the mean colour."""
    alpha = [value / 255 for value in rgba[3::4]]
    total = sum(alpha)
    channels = [[value / 255 for value in rgba[at::4]] for at in range(3)]
    mean = [
        sum(value * a for value, a in zip(channel, alpha, strict=True)) / total if total else 0.0
        for channel in channels
    ]
    over = [
        [m * (1 - a) + value * a for value, a in zip(channel, alpha, strict=True)]
        for channel, m in zip(channels, mean, strict=True)
    ]
    luma = [(r + g + b) / 3 for r, g, b in zip(*over, strict=True)]
    yellow = [(r + g) / 2 - b for r, g, b in zip(*over, strict=True)]
    red = [r - g for r, g, _ in zip(*over, strict=True)]
    return luma, yellow, red, alpha


def _transform(values: Sequence[float], width: int, height: int, nx: int, ny: int) -> _Channel:
    """Separated into rows and columns, which gives the reference's sums at a fraction of its cost."""
    columns = [[math.cos(math.pi / width * c * (x + 0.5)) for x in range(width)] for c in range(nx)]
    rows = [[math.cos(math.pi / height * c * (y + 0.5)) for y in range(height)] for c in range(ny)]
    lines = [values[y * width : (y + 1) * width] for y in range(height)]
    across = [
        [sum(v * f for v, f in zip(line, factors, strict=True)) for line in lines] for factors in columns
    ]
    dc, ac, scale = 0.0, [], 0.0
    for cy in range(ny):
        cx = 0
        while cx * ny < nx * (ny - cy):
            value = sum(v * f for v, f in zip(across[cx], rows[cy], strict=True)) / (width * height)
            if cx or cy:
                ac.append(value)
                scale = max(scale, abs(value))
            else:
                dc = value
            cx += 1
    if scale > _NOISE:
        ac = [0.5 + 0.5 / scale * value for value in ac]
    else:
        ac, scale = [0.0] * len(ac), 0.0
    return _Channel(dc, ac, scale)


def _level(value: float, top: int) -> int:
    """Rounded half up, as the reference rounds."""
    return math.floor(top * value + 0.5)


def _signed(value: float, top: int) -> int:
    return math.floor(top / 2 + top / 2 * value + 0.5)
