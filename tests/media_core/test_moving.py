from __future__ import annotations

import io

import pytest
from PIL import Image, ImageSequence

import media_core
from media_core import Format, Limits, Spec
from tests.media_core.photographs import encoded, scene

MOVING = Spec(sizes=("small",), moving="small")


def animated(format_: str, count: int = 4, size: tuple[int, int] = (500, 300)) -> bytes:
    frames = [scene(*size, seed) for seed in range(1, count + 1)]
    times = [40 * (at + 1) for at in range(count)]
    return encoded(frames[0], format_, save_all=True, append_images=frames[1:], duration=times, loop=3)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_given_moving_beside_its_still(format_: str) -> None:
    done = media_core.process(animated(format_), MOVING)
    assert done.moving is not None
    picture = Image.open(io.BytesIO(done.moving.data))
    shown = [(frame.copy().size, frame.info["duration"]) for frame in ImageSequence.Iterator(picture)]
    assert shown == [((400, 240), 40), ((400, 240), 80), ((400, 240), 120), ((400, 240), 160)]
    assert (done.moving.width, done.moving.height, done.moving.format) == (400, 240, "webp")
    still = Image.open(io.BytesIO(done.variants["small"].data))
    assert getattr(still, "n_frames", 1) == 1


def test_a_still_and_what_is_not_asked_for_do_not_move() -> None:
    assert media_core.process(encoded(scene(50, 40), "GIF"), MOVING).moving is None
    assert media_core.process(animated("GIF")).moving is None


def test_more_frames_than_the_bound_leave_the_still_alone() -> None:
    spec = Spec(sizes=("small",), moving="small", limits=Limits(max_moving_frames=3))
    done = media_core.process(animated("GIF", size=(60, 40)), spec)
    assert done.moving is None
    assert done.metadata.frames == 4
    assert done.variants["small"].width == 60


def test_an_animation_is_made_by_itself_and_is_its_still_out_of_bounds() -> None:
    data = animated("GIF")
    assert media_core.animate(data, "small") == media_core.process(data, MOVING).moving
    still = media_core.animate(data, "small", Spec(limits=Limits(max_moving_frames=2)))
    assert still == media_core.render(data, "small", Format.WEBP)
