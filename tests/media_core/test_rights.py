"""Copyright and artist stay by choice, and nothing else of the Exif with them."""

from __future__ import annotations

import pytest
from PIL import Image

import media_core
from media_core import Format, Spec
from tests.media_core.photographs import SECRET, encoded, exif, pixels, scene

OWNER = "(c) Ada Example"


def owned(format_: str, picture: Image.Image) -> bytes:
    block = exif()
    block[0x8298], block[0x013B] = OWNER, "Ada"
    return encoded(picture, format_, exif=block)


@pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("format_", list(Format))
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_owners_name_stays_where_it_is_wanted(source: str, format_: Format, mode: str) -> None:
    if (source, mode) == ("JPEG", "RGBA"):
        mode = "L"
    picture = scene(200, 160).convert(mode)
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    spec = Spec(("small",), format_, full_size=True, keep_copyright=True)
    done = media_core.process(owned(source, picture), spec)
    assert done.full is not None
    for variant in (done.variants["small"], done.full):
        shown = pixels(variant.data)
        assert shown.size == (200, 160)
        assert dict(shown.getexif()) == {0x8298: OWNER, 0x013B: "Ada"}
        assert SECRET.encode() not in variant.data


def test_by_itself_not_even_the_owners_name_stays() -> None:
    done = media_core.process(owned("JPEG", scene(90, 70)), Spec(full_size=True))
    assert done.full is not None
    assert all(b"Ada" not in variant.data for variant in (*done.variants.values(), done.full))
