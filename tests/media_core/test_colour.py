"""Photographs in wide gamuts and in ink look as a reference conversion has them, within ΔE 2 (CIE 1976)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache

import pytest
from PIL import Image

import media_core
from media_core import Format, Spec
from tests.media_core.photographs import encoded, pixels, scene
from tests.media_core.profiles import ADOBE_RGB, DISPLAY_P3

_Vector = tuple[float, float, float]
_P3_TO_XYZ = ((0.51512, 0.29198, 0.15710), (0.24120, 0.69225, 0.06657), (-0.00105, 0.04189, 0.78407))
_ADOBE_TO_XYZ = ((0.60974, 0.20528, 0.14919), (0.31111, 0.62567, 0.06322), (0.01947, 0.06087, 0.74457))
_XYZ_TO_SRGB = ((3.1339, -1.6169, -0.4906), (-0.9785, 1.9160, 0.0333), (0.0720, -0.2290, 1.4057))
_SRGB_TO_XYZ = ((0.4361, 0.3851, 0.1431), (0.2225, 0.7169, 0.0606), (0.0139, 0.0971, 0.7141))
_WHITE = (0.9642, 1.0, 0.8249)


def times(matrix: tuple[_Vector, _Vector, _Vector], vector: _Vector) -> _Vector:
    a, b, c = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return a, b, c


def encoded_srgb(linear: float) -> float:
    clipped = max(0.0, min(1.0, linear))
    return clipped * 12.92 if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055


def decoded_srgb(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def lab(rgb: _Vector) -> _Vector:
    """CIE L*a*b* (D50) of sRGB from 0 to 255."""
    red, green, blue = (decoded_srgb(value / 255) for value in rgb)
    x, y, z = (
        value / white for value, white in zip(times(_SRGB_TO_XYZ, (red, green, blue)), _WHITE, strict=True)
    )
    fx, fy, fz = (v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def delta(left: _Vector, right: _Vector) -> float:
    pairs = zip(lab(left), lab(right), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def wide(matrix: tuple[_Vector, _Vector, _Vector], gamma: float) -> Callable[[tuple[int, ...]], _Vector]:
    """The reference: decoded, through XYZ, clipped, encoded; in floating point."""

    def convert(pixel: tuple[int, ...]) -> _Vector:
        red, green, blue = (value / 255 for value in pixel)
        linear = times(_XYZ_TO_SRGB, times(matrix, (red**gamma, green**gamma, blue**gamma)))
        r, g, b = (255 * encoded_srgb(value) for value in linear)
        return r, g, b

    return convert


def ink(pixel: tuple[int, ...]) -> _Vector:
    """A press whose dots grow: what the profile below says of CMYK."""
    c, m, y, k = (value / 255 for value in pixel)
    r, g, b = (255 * (1 - one**0.8) * (1 - k**1.2) for one in (c, m, y))
    return r, g, b


@lru_cache
def press_profile() -> bytes:
    """A version 2 printer profile: 17 steps of each ink to Lab (lut16Type)."""
    steps = 17
    grid = [at * 255 / (steps - 1) for at in range(steps)]
    table = b"".join(
        struct.pack(">3H", *(round(v * 256) for v in (at[0] * 255 / 100, at[1] + 128, at[2] + 128)))
        for at in (lab(ink((c, m, y, k))) for c in grid for m in grid for y in grid for k in grid)  # type: ignore[arg-type]
    )
    line = struct.pack(">2H", 0, 65_535)
    identity = struct.pack(">9i", 65_536, 0, 0, 0, 65_536, 0, 0, 0, 65_536)
    a2b = b"mft2" + bytes(4) + bytes((4, 3, steps, 0)) + identity + struct.pack(">2H", 2, 2)
    a2b += line * 4 + table + line * 3
    white = b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65_536) for value in _WHITE))
    tags = {
        b"A2B0": a2b + bytes(-len(a2b) % 4),
        b"wtpt": white,
        b"cprt": b"text" + bytes(4) + b"none\0\0\0\0",
    }
    at, index, body = 128 + 4 + 12 * len(tags), b"", b""
    for tag, content in tags.items():
        index += tag + struct.pack(">II", at + len(body), len(content))
        body += content
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"none", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    head += (
        struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
        + b"acsp"
        + bytes(28)
        + struct.pack(">3i", 63_190, 65_536, 54_061)
    )
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index + body


def differences(
    source: Image.Image, shown: Image.Image, reference: Callable[[tuple[int, ...]], _Vector]
) -> list[float]:
    """ΔE at a few hundred places, sorted."""
    width, height = source.size
    places = [(x, y) for x in range(3, width, 17) for y in range(2, height, 13)]
    assert shown.size == source.size
    return sorted(
        delta(reference(source.getpixel(place)), shown.getpixel(place))  # type: ignore[arg-type]
        for place in places
    )


CASES = {
    "P3": (DISPLAY_P3, "RGB", wide(_P3_TO_XYZ, 2.2)),
    "Adobe RGB": (ADOBE_RGB, "RGB", wide(_ADOBE_TO_XYZ, 2.19921875)),
    "CMYK": (press_profile(), "CMYK", ink),
}


@pytest.mark.parametrize(
    ("name", "format_"),
    [("P3", "PNG"), ("P3", "JPEG"), ("Adobe RGB", "PNG"), ("Adobe RGB", "JPEG"), ("CMYK", "JPEG")],
)
def test_a_photograph_with_a_profile_is_shown_as_the_reference_converts_it(name: str, format_: str) -> None:
    profile, mode, reference = CASES[name]
    data = encoded(
        scene(300, 220).convert(mode), format_, icc_profile=profile, quality=98, subsampling="4:4:4"
    )
    source = pixels(data)
    made = media_core.render(data, "small", Format.PNG)
    found = differences(source, pixels(made.data).convert("RGB"), reference)
    assert found[-1] <= 2
    assert sum(found) / len(found) <= 1


@pytest.mark.parametrize("name", CASES)
def test_the_sizes_and_the_whole_picture_have_those_colours_too(name: str) -> None:
    profile, mode, reference = CASES[name]
    colours = [(200, 40, 90), (30, 160, 60), (240, 220, 180), (60, 60, 200)]
    for colour in colours:
        ground = colour if mode == "RGB" else (*colour, 20)
        data = encoded(Image.new(mode, (200, 160), ground), "JPEG", icc_profile=profile, quality=100)
        done = media_core.process(data, Spec(full_size=True))
        assert done.full is not None
        held = pixels(data).getpixel((80, 80))
        for variant in (*done.variants.values(), done.full):
            shown = pixels(variant.data)
            assert "icc_profile" not in shown.info
            place = variant.width // 2, variant.height // 2
            assert delta(reference(held), shown.convert("RGB").getpixel(place)) <= 3  # type: ignore[arg-type]
