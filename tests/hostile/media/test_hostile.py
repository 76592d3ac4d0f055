"""A picture or a refusal with a code, within the limits; never another exception, a dead pool or a secret kept."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import media_core
from media_core import Format, ImageRejected, Limits, Processed, RejectCode, Spec
from media_core.pool.shared import shared_pool
from tests.hostile.media.hostile import HOSTILE, SEEDS
from tests.media_core.photographs import pixels
from tests.media_core.residue import residue

LIMITS = Limits(wall_seconds=120)
"""A worker gives way to everybody, so that on a busy machine only its processor's time tells what a picture costs."""
WHOLE = Spec(full_size=True, moving="small", limits=LIMITS)
MOST_MEMORY = 700 * 1024


def outcome(data: bytes) -> str:
    """The code, or nothing for a picture, which is then looked at."""
    begin = time.monotonic()
    try:
        done = media_core.process(data, WHOLE)
    except ImageRejected as refusal:
        return RejectCode(refusal.code).value
    finally:
        assert time.monotonic() - begin < LIMITS.wall_seconds
        assert all(peak(pid) < MOST_MEMORY for pid in shared_pool().pids)
    examine(done, data)
    return ""


def peak(pid: int) -> int:
    """Kilobytes a worker has had at most; none where it has gone meanwhile."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def examine(done: Processed, data: bytes) -> None:
    """What came out is what it says, small enough, and not the input."""
    longest = max(done.metadata.width, done.metadata.height)
    assert done.full is not None
    assert (done.full.width, done.full.height) == (done.metadata.width, done.metadata.height)
    for name, variant in done.variants.items():
        assert pixels(variant.data).size == (variant.width, variant.height)
        assert max(variant.width, variant.height) == min(longest, media_core.SIZES[name])
    assert len(done.blur_placeholder) <= 1024
    assert [residue(variant.data) for variant in (done.full, *done.variants.values())] == [[]] * (
        1 + len(done.variants)
    )
    for marker in (b"<script", b"PK\x03\x04", b"Exif\0\0"):
        assert marker not in done.full.data


@lru_cache(maxsize=32)
def seed(name: str) -> bytes:
    return SEEDS[name]()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pictures_are_taken_or_refused_with_the_right_code(name: str) -> None:
    make, right = HOSTILE[name]
    assert outcome(make()) in right


@pytest.mark.parametrize("name", SEEDS)
def test_a_picture_cut_short_is_refused_wherever_it_is_cut(name: str) -> None:
    data = seed(name)
    step = max(1, len(data) // 60)
    cuts = {*range(0, len(data) - 1, step), *range(max(0, len(data) - 12), len(data))}
    codes = {cut: outcome(data[:cut]) for cut in sorted(cuts)}
    assert {cut: code for cut, code in codes.items() if not code} == {}
    assert set(codes.values()) <= {"EMPTY", "NOT_AN_IMAGE", "TRUNCATED", "CORRUPT"}


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.differing_executors])
@given(data=st.data())
def test_flipped_bits_are_a_picture_or_a_refusal(name: str, data: st.DataObject) -> None:
    body = bytearray(seed(name))
    places = data.draw(st.lists(st.integers(0, len(body) * 8 - 1), min_size=1, max_size=12))
    for place in places:
        body[place // 8] ^= 1 << place % 8
    outcome(bytes(body))


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.differing_executors])
@given(data=st.data())
def test_foreign_bytes_put_in_are_a_picture_or_a_refusal(name: str, data: st.DataObject) -> None:
    body = seed(name)
    at = data.draw(st.integers(0, len(body)))
    cut = data.draw(st.integers(0, 40))
    outcome(body[:at] + data.draw(st.binary(max_size=200)) + body[at + cut :])


@settings(max_examples=60)
@given(
    head=st.sampled_from(
        [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x40\0\0\0WEBPVP8X", b"\0\0\0\x14ftypavif"]
    ),
    rest=st.binary(max_size=300),
)
def test_any_bytes_behind_a_familiar_beginning_are_refused_cleanly(head: bytes, rest: bytes) -> None:
    outcome(head + rest)


def test_two_formats_in_one_file_are_one_picture_or_none() -> None:
    names = list(SEEDS)
    for first in names:
        for second in names:
            outcome(seed(first) + seed(second))


def test_neither_a_name_nor_an_ending_is_believed(tmp_path: Path) -> None:
    for name in ("picture.png.exe", "..%2f..%2fetc%2fpasswd.gif", "-rf", "a\nb.webp", "\u202egpj.exe"):
        path = tmp_path / name
        path.write_bytes(seed("jpeg"))
        assert media_core.process(path).metadata.format == "jpeg"
    assert len(list(tmp_path.iterdir())) == 5


def test_no_operation_answers_hostile_bytes_with_anything_but_a_refusal() -> None:
    shape = media_core.Crop(90, 10)
    for make, _ in HOSTILE.values():
        data = make()
        if len(data) > 1_000_000:
            continue
        for operation in (
            lambda data: media_core.crop(data, shape),
            lambda data: media_core.render(data, "small", Format.PNG),
            lambda data: media_core.animate(data, "small", Spec(turn=3)),
            lambda data: media_core.sanitize(data, Spec(turn=1)),
            media_core.inspect,
            media_core.sanitize_svg,
        ):
            try:
                operation(data)
            except ImageRejected as refusal:
                refused = RejectCode(refusal.code)
                assert refused


def test_after_all_that_the_pool_still_works() -> None:
    assert media_core.process(seed("jpeg")).metadata.width == 70
