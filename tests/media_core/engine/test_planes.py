from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from media_core.engine.decode import load, load_planes, open_picture
from media_core.engine.encode import encode
from media_core.engine.libwebp import LIBWEBP
from media_core.engine.planes import Planes, half
from media_core.spec import Limits, Spec
from tests.media_core.photographs import encoded, pixels, scene


def planes(data: bytes, longest: int = 1920) -> Planes:
    made = load_planes(open_picture(data, Limits()), longest)
    assert made is not None
    return made


def distance(left: Image.Image, right: Image.Image) -> float:
    """The mean difference of a channel."""
    histogram = ImageChops.difference(left.convert("RGB"), right.convert("RGB")).histogram()
    return sum(count * (at % 256) for at, count in enumerate(histogram)) / sum(histogram)


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("size", [(640, 480), (641, 479), (1, 7), (2, 1)])
def test_a_jpeg_gives_the_planes_it_holds(subsampling: str, progressive: bool, size: tuple[int, int]) -> None:
    data = encoded(scene(*size), "JPEG", quality=95, subsampling=subsampling, progressive=progressive)
    made = planes(data).reduced_to(size)
    assert (made.y.size, made.cb.size, made.cr.size) == (size, half(size), half(size))
    assert made.rgb().size == size
    assert min(size) < 9 or distance(made.rgb(), pixels(data)) < 4


def test_a_jpeg_much_larger_than_wanted_is_decoded_at_a_scale_that_keeps_twice_the_size() -> None:
    data = encoded(scene(1600, 1200), "JPEG")
    sides = {
        longest: (planes(data, longest).y.width, planes(data, longest).cb.width)
        for longest in (800, 400, 150)
    }
    assert sides == {800: (1600, 800), 400: (800, 400), 150: (400, 200)}


@pytest.mark.parametrize("transform", [0, 1])
def test_a_jpeg_whose_components_are_red_green_and_blue_gives_no_planes(transform: int) -> None:
    data = encoded(scene(64, 48), "JPEG", keep_rgb=not transform, quality=95)
    made = load_planes(open_picture(data, Limits()), 64)
    assert (made is None) == (not transform)


def test_a_webp_gives_the_planes_it_holds_and_they_are_written_back_almost_as_they_were() -> None:
    data = encoded(scene(321, 199), "WEBP", quality=95)
    made = planes(data)
    assert made.studio
    assert distance(made.rgb(), pixels(data)) < 3
    again = encode(made.reduced_to(made.size), Spec(quality=95))
    assert distance(pixels(again.data), pixels(data)) < 3


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_without_libwebp_of_its_own_pillow_gives_the_same_picture(mode: str) -> None:
    picture = scene(300, 200).convert(mode)
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    ours, pillows = (encode(picture, Spec(quality=90), b"", webp) for webp in (LIBWEBP, None))
    assert pixels(ours.data).mode == pixels(pillows.data).mode == ("RGBA" if mode == "RGBA" else "RGB")
    assert distance(pixels(ours.data), pixels(pillows.data)) < 3
    assert load_planes(open_picture(ours.data, Limits()), 300, None) is None
    decoded = [load(open_picture(ours.data, Limits()), 300, webp) for webp in (LIBWEBP, None)]
    assert distance(*decoded) == 0


def test_the_library_beside_pillow_is_found() -> None:
    assert LIBWEBP is not None


def test_a_picture_that_is_no_webp_is_an_error_and_not_a_crash() -> None:
    assert LIBWEBP is not None
    data = encoded(scene(40, 30), "WEBP")
    for bad in (b"", b"RIFF", data[:20], data[:100], b"RIFF" + bytes(200)):
        with pytest.raises(OSError, match="could not decode"):
            LIBWEBP.decode_planes(bad, 40, 30)
    for width, height in ((39, 30), (40, 29)):
        with pytest.raises(OSError, match="could not decode"):
            LIBWEBP.decode_rgba(data, width, height)


@given(colour=st.tuples(*[st.integers(0, 255)] * 3))
def test_a_colour_comes_back_from_planes_within_a_few_steps(colour: tuple[int, int, int]) -> None:
    back = Planes.of(Image.new("RGB", (4, 4), colour)).rgb().getpixel((1, 1))
    assert all(abs(a - b) <= 3 for a, b in zip(colour, cast("tuple[int, ...]", back), strict=True))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_planes_turn_as_pictures_do(orientation: int) -> None:
    from media_core.engine.resize import upright

    picture = scene(61, 40)
    turned = Planes.of(picture).reduced_to(picture.size).upright(orientation)
    assert distance(turned.rgb(), upright(picture, orientation)) < 6
