"""Copyright and artist stay by choice, and nothing else of the Exif with them."""

from __future__ import annotations

import pytest
from PIL import Image

import media_core
from media_core import Crop, Format, Spec
from media_core.formats.rights import notice
from tests.media_core.photographs import ARTIST, COPYRIGHT, SECRET, encoded, exif, pixels, scene

_KEPT = Spec(("small",), full_size=True, keep_copyright=True)


def _named(data: bytes) -> dict[int, str]:
    """The tags of the one Exif block: text as it was written, in UTF-8."""
    return {tag: str(text).encode("latin-1").decode() for tag, text in pixels(data).getexif().items()}


@pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("format_", list(Format))
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_owners_name_stays_where_it_is_wanted(source: str, format_: Format, mode: str) -> None:
    if (source, mode) == ("JPEG", "RGBA"):
        mode = "L"
    picture = scene(200, 160).convert(mode)
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    data = encoded(picture, source, exif=exif())
    spec = Spec(("small",), format_, full_size=True, keep_copyright=True)
    done = media_core.process(data, spec)
    assert done.full is not None
    outputs = [done.variants["small"], done.full, media_core.sanitize(data, spec)]
    outputs += [media_core.render(data, "small", format_, spec), media_core.crop(data, Crop(200, 160), spec)]
    for variant in outputs:
        assert pixels(variant.data).size == (200, 160)
        assert _named(variant.data) == {0x013B: ARTIST, 0x8298: COPYRIGHT}
        assert SECRET.encode() not in variant.data


def test_by_itself_not_even_the_owners_name_stays() -> None:
    done = media_core.process(encoded(scene(90, 70), "JPEG", exif=exif()), Spec(full_size=True))
    assert done.full is not None
    assert all(b"Ada" not in variant.data for variant in (*done.variants.values(), done.full))


@pytest.mark.parametrize("turn", [0, 1])
def test_an_animation_keeps_its_name_too(turn: int) -> None:
    frames = [scene(60, 40, seed) for seed in (1, 2)]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=70, exif=exif())
    spec = Spec(("small",), full_size=True, moving="small", keep_copyright=True, turn=turn)
    done = media_core.process(data, spec)
    assert done.full is not None
    assert done.moving is not None
    for variant in (done.full, done.moving, media_core.animate(data, "small", spec)):
        assert _named(variant.data) == {0x013B: ARTIST, 0x8298: COPYRIGHT}
        assert getattr(pixels(variant.data), "n_frames", 1) == 2


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (b"Ada\0Editor: Bo", "Ada Editor: Bo"),
        (b" two\r\n lines\x1b[31m \xe2\x80\xae and a turn", "two lines [31m and a turn"),
        ("© 1999 Zoë".encode("latin-1"), "© 1999 Zoë"),
        (b"x" * 40_000, "x" * 500),
        ("é".encode() * 3_000, "é" * 500),
        (b"<script>", "<script>"),
        (b"a", "a"),
    ],
)
def test_a_name_is_one_line_of_text_and_no_longer_than_a_name(written: bytes, kept: str) -> None:
    block = Image.Exif()
    block[0x8298] = written
    done = media_core.process(encoded(scene(40, 30), "JPEG", exif=block), _KEPT)
    assert done.full is not None
    for variant in (done.variants["small"], done.full):
        assert _named(variant.data) == {0x8298: kept}


@pytest.mark.parametrize("written", [b"", b"\0\0", b" \n\t", b"\x00\x01\x02"])
def test_where_nobody_is_named_there_is_no_block(written: bytes) -> None:
    block = Image.Exif()
    block[0x8298], block[0x010F] = written, SECRET
    data = encoded(scene(40, 30), "JPEG", exif=block)
    assert media_core.process(data, _KEPT) == media_core.process(data, Spec(("small",), full_size=True))


@pytest.mark.parametrize("odd", [None, 7, b"bytes", (1, 2), [1.5], float("nan")])
def test_what_is_no_text_names_nobody(odd: object) -> None:
    assert notice(odd, odd) == b""
