"""What the extra `media-extra` brings: HEIC, JPEG XL, cleaned SVG, posters."""

from __future__ import annotations

import io

import pytest
from PIL import Image

import media_core
from media_core import ImageRejected, RejectCode, Spec
from tests.media_core.photographs import encoded, exif, pixels, scene

heif = pytest.importorskip("pillow_heif")
jxl = pytest.importorskip("pillow_jxl.JpegXLImagePlugin")
av = pytest.importorskip("av")
pytest.importorskip("py_svg_hush")


def heic(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    heif.from_pillow(picture).save(out, quality=90)
    return out.getvalue()


def jpeg_xl(picture: Image.Image) -> bytes:
    return encoded(picture, "JXL", quality=95, exif=exif(6).tobytes())


def film(width: int = 320, height: int = 240) -> bytes:
    """Black at first, then a scene."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        track = container.add_stream("mpeg4", rate=25)
        track.width, track.height, track.pix_fmt = width, height, "yuv420p"
        frames = [Image.new("RGB", (width, height))] * 10 + [scene(width, height)] * 40
        for picture in frames:
            container.mux(track.encode(av.VideoFrame.from_image(picture)))
        container.mux(track.encode(None))
    return out.getvalue()


@pytest.mark.parametrize(("make", "format_"), [(heic, "heic"), (jpeg_xl, "jxl")])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_picture_of_an_extra_format_is_taken(make: object, format_: str, mode: str) -> None:
    picture = scene(333, 251).convert(mode)
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    data = make(picture)  # type: ignore[operator]
    done = media_core.process(data, Spec(full_size=True))
    assert (done.metadata.width, done.metadata.height, done.metadata.format) == (333, 251, format_)
    assert done.metadata.alpha == (mode == "RGBA")
    assert done.full is not None
    for variant in (done.variants["large"], done.full):
        assert pixels(variant.data).size == (333, 251)
        assert not pixels(variant.data).getexif()


@pytest.mark.parametrize("make", [heic, jpeg_xl])
def test_one_cut_short_is_refused(make: object) -> None:
    data = make(scene(200, 150))  # type: ignore[operator]
    for cut in (13, 40, len(data) // 3, len(data) - 30):
        with pytest.raises(ImageRejected) as refused:
            media_core.process(data[:cut])
        assert refused.value.code in {RejectCode.NOT_AN_IMAGE, RejectCode.TRUNCATED, RejectCode.CORRUPT}


def test_a_jpeg_xl_that_claims_to_be_vast_is_refused_before_it_is_decoded() -> None:
    # not small, 30 bits of height, of width by the ratio 1:1
    bits = 0 | 3 << 1 | (2**30 - 1) << 3 | 1 << 33
    with pytest.raises(ImageRejected) as refused:
        media_core.process(b"\xff\x0a" + bits.to_bytes(16, "little"))
    assert refused.value.code is RejectCode.SIDE_TOO_LONG


def test_svg_is_cleaned_where_it_is_asked_for_and_refused_everywhere_else() -> None:
    data = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40px" height="30" onload="alert(1)">'
        b'<script>alert(1)</script><image href="https://example.com/x.png"/>'
        b'<foreignObject><p>hidden</p></foreignObject><rect width="10" height="10"/></svg>'
    )
    clean = media_core.sanitize_svg(data)
    assert (clean.width, clean.height, clean.media_type) == (40, 30, "image/svg+xml")
    assert b"rect" in clean.data
    for gone in (b"script", b"alert", b"onload", b"example.com", b"foreignObject"):
        assert gone not in clean.data
    for refuse in (media_core.process, media_core.sanitize, media_core.inspect):
        with pytest.raises(ImageRejected) as refused:
            refuse(data)
        assert refused.value.code is RejectCode.UNSUPPORTED_FORMAT


@pytest.mark.parametrize(
    "data",
    [
        b"<svg",
        b"<svg><g></svg>",
        b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><svg>&b;</svg>",
        b"<svg>" + b"<g>" * 100_000,
        b"<svg/>" + bytes(5),
    ],
)
def test_a_bad_svg_is_clean_or_refused(data: bytes) -> None:
    try:
        clean = media_core.sanitize_svg(data).data
    except ImageRejected as refusal:
        refused = refusal.code
    else:
        assert b"<svg" in clean
        return
    assert refused in {RejectCode.CORRUPT, RejectCode.DECODER_CRASHED}


def test_a_films_poster_is_neither_its_black_beginning_nor_larger() -> None:
    still = media_core.poster(film(), "small")
    assert (still.width, still.height, still.format) == (320, 240, "webp")
    assert pixels(still.data).convert("L").histogram()[100:] != [0] * 156


@pytest.mark.parametrize("cut", [0, 30, 500])
def test_what_is_no_film_has_no_poster(cut: int) -> None:
    for data in (film()[:cut], encoded(scene(30, 20), "PNG")[:cut] or b"x", b"#EXTM3U\nfile:///etc/passwd\n"):
        with pytest.raises(ImageRejected) as refused:
            media_core.poster(data)
        assert refused.value.code in {RejectCode.NOT_AN_IMAGE, RejectCode.EMPTY, RejectCode.CORRUPT}
