from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_core.engine.thumbhash import thumbhash
from tests.media_core.photographs import scene


def reference(w: int, h: int, rgba: bytes) -> bytes:
    """The published encoder, line by line, with its sums as they stand there."""

    def near(value: float) -> int:
        return math.floor(value + 0.5)

    avg = [0.0] * 4
    for at in range(w * h):
        alpha = rgba[at * 4 + 3] / 255
        for c in range(3):
            avg[c] += alpha / 255 * rgba[at * 4 + c]
        avg[3] += alpha
    if avg[3]:
        avg[:3] = [value / avg[3] for value in avg[:3]]
    has_alpha = avg[3] < w * h
    limit = 5 if has_alpha else 7
    lx, ly = (max(1, near(limit * side / max(w, h))) for side in (w, h))
    channels: list[list[float]] = [[], [], [], []]
    for at in range(w * h):
        alpha = rgba[at * 4 + 3] / 255
        r, g, b = (avg[c] * (1 - alpha) + alpha / 255 * rgba[at * 4 + c] for c in range(3))
        for channel, value in zip(channels, ((r + g + b) / 3, (r + g) / 2 - b, r - g, alpha), strict=True):
            channel.append(value)

    def encode(channel: list[float], nx: int, ny: int) -> tuple[float, list[float], float]:
        dc, ac, scale = 0.0, [], 0.0
        for cy in range(ny):
            cx = 0
            while cx * ny < nx * (ny - cy):
                f = 0.0
                for y in range(h):
                    fy = math.cos(math.pi / h * cy * (y + 0.5))
                    for x in range(w):
                        f += channel[x + y * w] * math.cos(math.pi / w * cx * (x + 0.5)) * fy
                f /= w * h
                if cx or cy:
                    ac.append(f)
                    scale = max(scale, abs(f))
                else:
                    dc = f
                cx += 1
        if scale < 1e-9:  # a flat channel: the sums are nothing but rounding
            return dc, [0.0] * len(ac), 0.0
        return dc, [0.5 + 0.5 / scale * f for f in ac], scale

    l_dc, l_ac, l_scale = encode(channels[0], max(3, lx), max(3, ly))
    p_dc, p_ac, p_scale = encode(channels[1], 3, 3)
    q_dc, q_ac, q_scale = encode(channels[2], 3, 3)
    landscape = w > h
    head = near(63 * l_dc) | near(31.5 + 31.5 * p_dc) << 6 | near(31.5 + 31.5 * q_dc) << 12
    head |= near(31 * l_scale) << 18 | has_alpha << 23
    more = (ly if landscape else lx) | near(63 * p_scale) << 3 | near(63 * q_scale) << 9 | landscape << 15
    out = [head & 255, head >> 8 & 255, head >> 16, more & 255, more >> 8]
    acs = [l_ac, p_ac, q_ac]
    if has_alpha:
        a_dc, a_ac, a_scale = encode(channels[3], 5, 5)
        out.append(near(15 * a_dc) | near(15 * a_scale) << 4)
        acs.append(a_ac)
    start, index = len(out), 0
    for ac in acs:
        for f in ac:
            if start + (index >> 1) == len(out):
                out.append(0)
            out[start + (index >> 1)] |= near(15 * f) << ((index & 1) << 2)
            index += 1
    return bytes(out)


def distance(left: bytes, right: bytes) -> int:
    """The largest difference of a nibble: a tie may round either way."""
    pairs = zip(left.hex(), right.hex(), strict=True)
    return max(abs(int(a, 16) - int(b, 16)) for a, b in pairs)


@settings(max_examples=25)
@given(st.data())
def test_it_agrees_with_the_published_encoder(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 12))
    size = width * height * 4
    rgba = data.draw(st.binary(min_size=size, max_size=size))
    assert distance(thumbhash(width, height, rgba), reference(width, height, rgba)) <= 1


@pytest.mark.parametrize("size", [(32, 24), (24, 32), (32, 32), (32, 1)])
def test_it_gives_the_very_same_bytes_for_a_picture(size: tuple[int, int]) -> None:
    rgba = scene(*size).convert("RGBA").tobytes()
    assert thumbhash(*size, rgba) == reference(*size, rgba)


def test_a_picture_too_large_or_of_another_length_is_the_callers_mistake() -> None:
    for width, height, rgba in ((101, 1, bytes(404)), (0, 0, b""), (2, 2, bytes(15))):
        with pytest.raises(ValueError, match="100 by 100"):
            thumbhash(width, height, rgba)
