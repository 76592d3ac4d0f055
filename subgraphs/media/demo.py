"""The demo's pictures, drawn: hills under a sky, bowls on a table, faces of two colours."""

from __future__ import annotations

import colorsys
import io
import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

__all__ = ["draw_avatar", "draw_landscape", "draw_still_life"]

_Colour = tuple[int, int, int]

_SKIES: tuple[tuple[_Colour, _Colour, _Colour], ...] = (
    ((24, 38, 82), (233, 138, 96), (252, 214, 150)),
    ((92, 150, 214), (190, 220, 240), (255, 250, 235)),
    ((60, 32, 84), (200, 92, 122), (255, 190, 140)),
    ((18, 56, 74), (80, 150, 150), (232, 226, 190)),
    ((120, 140, 160), (196, 206, 212), (240, 240, 236)),
    ((10, 18, 44), (44, 66, 122), (150, 140, 190)),
)


def draw_landscape(seed: int, width: int = 1600, height: int = 1067) -> bytes:
    """Layered hills before a graded sky, with a sun, as a JPEG."""
    choose = random.Random(f"landscape {seed}")  # noqa: S311
    top, middle, low = _SKIES[seed % len(_SKIES)]
    picture = _graded(width, height, (top, middle, low))
    _sun(picture, choose, low)
    layers = 5
    for layer in range(layers):
        depth = layer / (layers - 1)
        colour = _mix(_mix(middle, low, 0.4), _mix(top, (8, 14, 20), 0.65), depth)
        base = height * (0.48 + 0.12 * layer)
        roughness = height * (0.12 - 0.015 * layer)
        _hill(picture, choose, base, roughness, colour)
    return _encoded(_grained(picture, seed))


def draw_still_life(seed: int, width: int = 1200, height: int = 1200) -> bytes:
    """A turned vessel on a table in side light, as a JPEG."""
    choose = random.Random(f"still life {seed}")  # noqa: S311
    hue = choose.random()
    wall, table = _hsv(hue, 0.18, 0.86), _hsv(hue + 0.08, 0.30, 0.52)
    picture = _graded(width, height, (_mix(wall, (255, 255, 255), 0.25), wall, _mix(wall, (0, 0, 0), 0.15)))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, int(height * 0.68), width, height), fill=table)
    glaze = _hsv(
        hue + 0.45 + choose.uniform(-0.1, 0.1), choose.uniform(0.25, 0.55), choose.uniform(0.55, 0.85)
    )
    _vessel(picture, choose, glaze)
    return _encoded(_grained(picture.filter(ImageFilter.GaussianBlur(0.8)), seed))


def draw_avatar(seed: int, side: int = 512) -> bytes:
    """Head and shoulders in two colours, as a JPEG."""
    choose = random.Random(f"avatar {seed}")  # noqa: S311
    hue = (seed * 0.381966) % 1
    picture = _graded(side, side, (_hsv(hue, 0.35, 0.95), _hsv(hue, 0.5, 0.8), _hsv(hue + 0.06, 0.6, 0.65)))
    draw = ImageDraw.Draw(picture)
    figure, skin = (
        _hsv(hue + 0.5, 0.55, 0.45),
        _hsv(0.07, choose.uniform(0.25, 0.6), choose.uniform(0.4, 0.95)),
    )
    centre, head = side // 2, int(side * 0.19)
    draw.ellipse((centre - head * 2, int(side * 0.64), centre + head * 2, int(side * 1.3)), fill=figure)
    draw.ellipse(
        (centre - head, int(side * 0.24), centre + head, int(side * 0.24) + int(head * 2.4)), fill=skin
    )
    hair = _hsv(choose.random(), 0.35, choose.uniform(0.12, 0.5))
    draw.pieslice(
        (centre - head - 8, int(side * 0.19), centre + head + 8, int(side * 0.19) + head * 2),
        180,
        360,
        fill=hair,
    )
    return _encoded(picture.filter(ImageFilter.GaussianBlur(1.2)))


def _graded(width: int, height: int, stops: tuple[_Colour, _Colour, _Colour]) -> Image.Image:
    column = Image.new("RGB", (1, 64))
    for y in range(64):
        at = y / 63 * 2
        colour = _mix(stops[0], stops[1], at) if at <= 1 else _mix(stops[1], stops[2], at - 1)
        column.putpixel((0, y), colour)
    return column.resize((width, height), Image.Resampling.BICUBIC)


def _sun(picture: Image.Image, choose: random.Random, colour: _Colour) -> None:
    width, height = picture.size
    x, y = choose.uniform(0.2, 0.8) * width, choose.uniform(0.22, 0.46) * height
    radius = height * choose.uniform(0.04, 0.08)
    glow = Image.new("L", (width // 8, height // 8), 0)
    ImageDraw.Draw(glow).ellipse([v / 8 for v in (x - radius, y - radius, x + radius, y + radius)], fill=255)
    soft = glow.filter(ImageFilter.GaussianBlur(radius / 6)).resize((width, height))
    light = Image.new("RGB", (width, height), _mix(colour, (255, 255, 255), 0.6))
    picture.paste(light, (0, 0), soft)


def _hill(
    picture: Image.Image, choose: random.Random, base: float, roughness: float, colour: _Colour
) -> None:
    width, height = picture.size
    waves = [(choose.uniform(0.6, 1.6) * 2**n, choose.uniform(0, math.tau), 0.55**n) for n in range(6)]
    line = []
    for x in range(0, width + 9, 8):
        rise = sum(share * math.sin(x / width * math.tau * turns + phase) for turns, phase, share in waves)
        line.append((x, base - roughness * rise))
    ImageDraw.Draw(picture).polygon([*line, (width, height), (0, height)], fill=colour)


def _vessel(picture: Image.Image, choose: random.Random, glaze: _Colour) -> None:
    width, height = picture.size
    foot, rim = choose.uniform(0.10, 0.16), choose.uniform(0.14, 0.30)
    belly, tall = choose.uniform(0.2, 0.32), choose.uniform(0.28, 0.5)
    bottom, steps = height * 0.82, 120
    shadow = Image.new("L", picture.size, 0)
    ImageDraw.Draw(shadow).ellipse(
        (width * (0.5 - belly * 0.6), bottom - 40, width * (0.5 + belly * 1.7), bottom + 60), fill=130
    )
    picture.paste((20, 16, 14), (0, 0), shadow.filter(ImageFilter.GaussianBlur(24)))
    draw = ImageDraw.Draw(picture)
    for step in range(steps):
        at = step / (steps - 1)
        half = width * (foot * (1 - at) + rim * at + (belly - (foot + rim) / 2) * math.sin(math.pi * at))
        y = bottom - height * tall * at
        for band in range(24):
            left = width / 2 - half + half * 2 * band / 24
            light = math.sin(math.pi * (1 - band / 24)) ** 1.4 * (1.15 - band / 40)
            shade = _mix((12, 10, 10), glaze, min(1.0, 0.25 + 0.85 * light))
            draw.rectangle((left, y - height * tall / steps - 1, left + half / 12 + 1, y), fill=shade)
    half, y = width * rim, bottom - height * tall
    draw.ellipse(
        (width / 2 - half, y - half * 0.22, width / 2 + half, y + half * 0.22),
        fill=_mix(glaze, (0, 0, 0), 0.55),
    )


def _grained(picture: Image.Image, seed: int) -> Image.Image:
    """A little noise, as a camera has, so that sizes and qualities mean something."""
    width, height = picture.size
    tile = random.Random(f"grain {seed}").randbytes(256 * 256)  # noqa: S311
    grain = Image.new("L", (width, height))
    noise = Image.frombytes("L", (256, 256), tile)
    for y in range(0, height, 256):
        for x in range(0, width, 256):
            grain.paste(noise, (x, y))
    soft = grain.point(lambda v: 122 + v // 20)
    return ImageChops.overlay(picture, Image.merge("RGB", (soft, soft, soft)))


def _encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def _mix(one: _Colour, two: _Colour, share: float) -> _Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
    return red, green, blue


def _hsv(hue: float, saturation: float, value: float) -> _Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
