from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

import media_core
from media_core import Crop, Format, Spec
from tests.media_core.photographs import encoded, exif, pixels, scene

PNG = Spec(format=Format.PNG)
RED = (255, 0, 0)


def plain_with_red(width: int, height: int, x: int, y: int) -> bytes:
    """Grey, with a red disc of 40 pixels at the place."""
    picture = Image.new("RGB", (width, height), (120, 120, 120))
    ImageDraw.Draw(picture).ellipse((x - 20, y - 20, x + 20, y + 20), fill=RED)
    return encoded(picture, "PNG")


def reds(data: bytes) -> int:
    """How many pixels are red."""
    return sum(
        count for count, colour in pixels(data).convert("RGB").getcolors(99_999) or [] if colour == RED
    )


def test_without_a_point_the_cut_is_where_there_is_most_to_see() -> None:
    for x in (60, 300, 540):
        cut = media_core.crop(plain_with_red(600, 150, x, 75), Crop(150, 150), PNG)
        assert (cut.width, cut.height) == (150, 150)
        assert reds(cut.data) > 1000


def test_the_named_point_is_kept_even_where_there_is_nothing() -> None:
    data = plain_with_red(600, 150, 540, 75)
    assert reds(media_core.crop(data, Crop(150, 150, focus=(0.1, 0.5)), PNG).data) == 0
    assert reds(media_core.crop(data, Crop(150, 150, focus=(0.9, 0.5)), PNG).data) > 1000


def test_the_point_is_of_the_picture_as_it_is_seen() -> None:
    turned = pixels(plain_with_red(600, 150, 540, 75)).transpose(Image.Transpose.ROTATE_90)
    data = encoded(turned, "PNG", exif=exif(6))
    assert reds(media_core.crop(data, Crop(150, 150, focus=(0.9, 0.5)), PNG).data) > 1000


def test_a_dense_screen_gets_more_pixels_and_a_small_picture_the_same_shape() -> None:
    data = encoded(scene(800, 600), "JPEG")
    sizes = {
        (shape.width, shape.dpr): (cut.width, cut.height)
        for shape in (Crop(200, 100), Crop(200, 100, dpr=2.5), Crop(1600, 800), Crop(1600, 800, dpr=3))
        for cut in [media_core.crop(data, shape)]
    }
    assert sizes == {
        (200, 1): (200, 100),
        (200, 2.5): (500, 250),
        (1600, 1): (800, 400),
        (1600, 3): (800, 400),
    }


@pytest.mark.parametrize("format_", list(Format))
async def test_a_cut_comes_in_every_format(format_: Format) -> None:
    cut = await media_core.crop_async(encoded(scene(300, 200), "WEBP"), Crop(90, 160), Spec(format=format_))
    assert (pixels(cut.data).size, pixels(cut.data).format) == ((90, 160), format_.name)


def test_impossible_shapes_are_the_callers_mistakes() -> None:
    for wrong in ({"width": 0}, {"height": 9999}, {"dpr": 4}, {"focus": (0.5, 1.5)}):
        with pytest.raises(ValueError):
            Crop(**{"width": 10, "height": 10, **wrong})  # type: ignore[arg-type]


@settings(max_examples=30)
@given(
    size=st.tuples(st.integers(1, 700), st.integers(1, 700)),
    shape=st.tuples(st.integers(1, 900), st.integers(1, 900)),
    focus=st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_any_shape_of_any_picture_is_that_shape_and_no_larger(
    size: tuple[int, int], shape: tuple[int, int], focus: tuple[float, float] | None
) -> None:
    cut = media_core.crop(encoded(Image.new("RGB", size, 1), "PNG"), Crop(*shape, focus=focus))
    assert cut.width <= min(shape[0], size[0])
    assert cut.height <= min(shape[1], size[1])
    shrink = min(1, size[0] / shape[0], size[1] / shape[1])
    assert abs(cut.width - shape[0] * shrink) <= 1
    assert abs(cut.height - shape[1] * shrink) <= 1
