"""The whole picture for strangers: the same pixels where they can be the same, and no metadata."""

from __future__ import annotations

import pytest
from PIL import Image, ImageSequence
from PIL.PngImagePlugin import PngInfo

import media_core
from tests.media_core.photographs import SECRET, encoded, exif, photograph, pixels, scene

FRAMES = [scene(60, 40, seed) for seed in (1, 2, 3)]


def annotated(format_: str) -> bytes:
    text = PngInfo()
    text.add_text("Comment", SECRET)
    options: dict[str, object] = {"exif": exif(), "comment": SECRET, "xmp": f"<x:{SECRET}/>".encode()}
    if format_ == "PNG":
        options["pnginfo"] = text
    return encoded(scene(300, 200), format_, **options)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP"])
def test_an_upright_srgb_picture_keeps_every_pixel_and_loses_every_note(format_: str) -> None:
    data = annotated(format_)
    clean = media_core.sanitize(data)
    assert (clean.format, clean.width, clean.height) == (format_.lower(), 300, 200)
    assert SECRET.encode() not in clean.data
    assert len(clean.data) < len(data)
    assert pixels(clean.data).convert("RGB").tobytes() == pixels(data).convert("RGB").tobytes()
    assert media_core.sanitize(clean.data) == clean


@pytest.mark.parametrize("format_", ["PNG", "GIF", "WEBP"])
def test_an_animation_stays_one(format_: str) -> None:
    data = encoded(FRAMES[0], format_, save_all=True, append_images=FRAMES[1:], duration=70, loop=0)
    clean = pixels(media_core.sanitize(data).data)
    before, after = (
        [frame.convert("RGBA").tobytes() for frame in ImageSequence.Iterator(one)]
        for one in (pixels(data), clean)
    )
    assert len(after) == 3
    assert after == before
    assert clean.info["loop"] == 0


@pytest.mark.parametrize(("mode", "format_"), [("RGB", "jpeg"), ("RGBA", "webp")])
def test_an_avif_is_written_anew(mode: str, format_: str) -> None:
    clean = media_core.sanitize(
        encoded(Image.new(mode, (80, 50), (10, 200, 30, 100)[: len(mode)]), "AVIF", exif=exif())
    )
    assert (clean.format, clean.width, clean.height) == (format_, 80, 50)
    assert SECRET.encode() not in clean.data


def test_only_the_first_of_two_pictures_in_a_jpeg_is_given_away() -> None:
    first, second = photograph(200, 100), photograph(90, 90, seed=2)
    assert media_core.sanitize(first + second) == media_core.sanitize(first)


def test_inspecting_tells_the_headers_without_decoding() -> None:
    data = photograph(200, 100, orientation=8)
    assert media_core.inspect(data) == media_core.ImageMetadata(
        100, 200, "jpeg", len(data), taken_at="2026-05-01T10:00:00"
    )
