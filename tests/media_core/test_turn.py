"""A picture turned by its owner: on top of its own orientation, in every output, each time from the original."""

from __future__ import annotations

import pytest
from PIL import Image, ImageSequence

import media_core
from media_core import Crop, Format, Limits, Spec
from tests.media_core.photographs import encoded, exif, pixels, scene

_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_quarters_are_added_to_each_orientation(orientation: int, turn: int) -> None:
    data = encoded(scene(60, 40), "PNG", exif=exif(orientation))
    before = pixels(media_core.sanitize(data).data)
    shown = before.transpose(_TURNS[turn]) if turn else before
    spec = Spec(("large",), Format.PNG, full_size=True, turn=turn)
    done = media_core.process(data, spec)
    assert (done.metadata.width, done.metadata.height) == shown.size
    assert done.full is not None
    outputs = (
        done.variants["large"],
        done.full,
        media_core.sanitize(data, Spec(turn=turn)),
        media_core.render(data, "large", Format.PNG, Spec(turn=turn)),
        media_core.crop(data, Crop(*shown.size), spec),
    )
    for one in outputs:
        assert pixels(one.data).tobytes() == shown.tobytes()
        assert (one.width, one.height) == shown.size


def test_unturned_again_it_is_the_very_file_it_was() -> None:
    data = encoded(scene(60, 40), "JPEG")
    assert media_core.sanitize(data, Spec(turn=1)).data != media_core.sanitize(data).data
    assert media_core.sanitize(data, Spec(turn=0)) == media_core.sanitize(data)


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP"])
def test_an_animation_is_turned_frame_by_frame_and_by_its_still_where_it_is_too_long(format_: str) -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "green", "blue")]
    data = encoded(frames[0], format_, save_all=True, append_images=frames[1:], duration=70, loop=0)
    turned = media_core.sanitize(data, Spec(turn=1))
    assert (turned.format, turned.width, turned.height) == ("webp", 20, 30)
    assert len(list(ImageSequence.Iterator(pixels(turned.data)))) == 3
    still = media_core.sanitize(data, Spec(limits=Limits(max_moving_frames=2), turn=1))
    assert (still.width, still.height) == (20, 30)
    assert pixels(still.data).convert("RGB").getpixel((3, 3)) == pytest.approx((255, 0, 0), abs=3)


def test_a_turn_is_of_whole_quarters() -> None:
    with pytest.raises(ValueError, match="quarters"):
        Spec(turn=4)
