"""What must be taken, at its largest; and the limits one step further."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import media_core
from media_core import ImageRejected, Limits, PoolSettings, Spec
from media_core.pool.pool import Job, Pool
from tests.media_core.photographs import encoded, scene

PEAK = 700 * 1024
MOST = (6250, 4000)
FAST: dict[str, dict[str, int]] = {"PNG": {"compress_level": 1}, "WEBP": {"method": 0}, "AVIF": {"speed": 10}}


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(PoolSettings(workers=1))
    yield made
    made.close()


def run(pool: Pool, data: bytes) -> tuple[int, int]:
    """The picture's size, everything asked for, in less than the memory allowed."""
    spec = Spec(full_size=True)
    head, _ = pool.submit(Job({"op": "process", "spec": spec.to_message()}, [data], 20), wait=True).result()[
        0
    ]
    (pid,) = [child.pid for child in pool._children]
    status = Path(f"/proc/{pid}/status").read_text()
    (peak,) = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
    assert peak < PEAK
    return head["metadata"]["width"], head["metadata"]["height"]


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_25_megapixels_are_taken_in_every_format(format_: str, pool: Pool) -> None:
    picture = scene(1250, 800).resize(MOST, Image.Resampling.NEAREST)
    if format_ in {"PNG", "WEBP", "AVIF"}:
        picture.putalpha(Image.linear_gradient("L").resize(MOST, Image.Resampling.NEAREST))
    options = {"progressive": 1, "subsampling": 0}
    assert run(pool, encoded(picture, format_, **FAST.get(format_, options))) == MOST


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_a_side_of_16000_is_taken_in_every_format(format_: str, pool: Pool) -> None:
    for size in ((16_000, 100), (40, 16_000)):
        assert run(pool, encoded(Image.new("RGB", size, "teal"), format_, **FAST.get(format_, {}))) == size


@pytest.mark.parametrize("format_", ["PNG", "GIF", "WEBP", "AVIF"])
def test_100_frames_are_taken_in_every_format(format_: str, pool: Pool) -> None:
    frames = [Image.new("RGB", (60, 40), (at, 2 * at, 255 - at)) for at in range(100)]
    data = encoded(frames[0], format_, save_all=True, append_images=frames[1:], **FAST.get(format_, {}))
    assert run(pool, data) == (60, 40)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_pixels=59 * 40), "TOO_MANY_PIXELS"),
        (Limits(max_side=59), "SIDE_TOO_LONG"),
        (Limits(max_frames=2), "TOO_MANY_FRAMES"),
        (Limits(max_animation_pixels=60 * 40 * 3 - 1), "TOO_MANY_FRAMES"),
        (Limits(max_bytes=100), "TOO_MANY_BYTES"),
    ],
)
@pytest.mark.parametrize("format_", ["PNG", "GIF", "WEBP", "AVIF"])
def test_every_limit_holds_for_every_format(format_: str, limits: Limits, code: str, tmp_path: Path) -> None:
    frames = [scene(60, 40, seed) for seed in (1, 2, 3)]
    path = tmp_path / "animation"
    path.write_bytes(encoded(frames[0], format_, save_all=True, append_images=frames[1:]))
    for picture in (path, path.read_bytes()):
        with pytest.raises(ImageRejected) as refusal:
            media_core.process(picture, Spec(limits=limits))
        assert refusal.value.code == code
