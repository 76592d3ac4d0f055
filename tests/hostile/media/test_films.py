"""A film or a refusal with a code, within the limits; never another exception, a dead pool or a place kept."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import media_core
from media_core import Films, ImageRejected, RejectCode, Spec
from media_core.pool.shared import shared_pool
from tests.hostile.media.films import FILM_SEEDS, HOSTILE_FILMS
from tests.hostile.media.test_hostile import LIMITS, MOST_MEMORY, peak
from tests.media_core.films import PLACE
from tests.media_core.photographs import SECRET

pytest.importorskip("av")

_SPEC = Spec(full_size=True, films=Films(), limits=LIMITS)


def outcome(data: bytes) -> str:
    """The code, or nothing for a film, which then tells no secret."""
    begin = time.monotonic()
    try:
        done = media_core.process(data, _SPEC)
    except ImageRejected as refusal:
        return RejectCode(refusal.code).value
    finally:
        assert time.monotonic() - begin < LIMITS.wall_seconds
        assert all(peak(pid) < MOST_MEMORY for pid in shared_pool().pids)
    assert done.full is not None
    if done.metadata.milliseconds is not None:
        assert done.metadata.milliseconds <= 600_000
        assert [t for t in (PLACE, SECRET) if t.encode() in done.full.data] == []
    return ""


@pytest.mark.parametrize("name", HOSTILE_FILMS)
def test_hostile_films_are_taken_or_refused_with_the_right_code(name: str) -> None:
    make, right = HOSTILE_FILMS[name]
    assert outcome(make()) in right


@pytest.mark.parametrize("name", ["mp4", "mov", "webm"])
def test_a_film_cut_short_is_refused_wherever_it_is_cut(name: str) -> None:
    data = FILM_SEEDS[name]()
    step = max(1, len(data) // 40)
    cuts = {*range(0, len(data) - 1, step), *range(max(0, len(data) - 12), len(data))}
    codes = {cut: outcome(data[:cut]) for cut in sorted(cuts)}
    assert {cut: code for cut, code in codes.items() if not code} == {}
    assert set(codes.values()) <= {"EMPTY", "NOT_AN_IMAGE", "TRUNCATED", "CORRUPT"}


@pytest.mark.parametrize("name", FILM_SEEDS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.differing_executors])
@given(data=st.data())
def test_flipped_bits_are_a_film_or_a_refusal(name: str, data: st.DataObject) -> None:
    body = bytearray(FILM_SEEDS[name]())
    places = data.draw(st.lists(st.integers(0, len(body) * 8 - 1), min_size=1, max_size=12))
    for place in places:
        body[place // 8] ^= 1 << place % 8
    outcome(bytes(body))


@pytest.mark.parametrize("name", FILM_SEEDS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.differing_executors])
@given(data=st.data())
def test_foreign_bytes_put_in_are_a_film_or_a_refusal(name: str, data: st.DataObject) -> None:
    body = FILM_SEEDS[name]()
    at = data.draw(st.integers(0, len(body)))
    cut = data.draw(st.integers(0, 40))
    outcome(body[:at] + data.draw(st.binary(max_size=200)) + body[at + cut :])


@settings(max_examples=60)
@given(
    head=st.sampled_from(
        [
            b"\0\0\0\x14ftypisom\0\0\0\0mp42",
            b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
            b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm",
        ]
    ),
    rest=st.binary(max_size=300),
)
def test_any_bytes_behind_a_films_beginning_are_refused_cleanly(head: bytes, rest: bytes) -> None:
    assert outcome(head + rest) != ""


def test_a_film_and_another_file_in_one_are_one_of_them_or_none() -> None:
    for first in FILM_SEEDS:
        for second in FILM_SEEDS:
            outcome(FILM_SEEDS[first]() + FILM_SEEDS[second]())


def test_after_all_that_the_pool_still_works() -> None:
    assert outcome(FILM_SEEDS["mp4"]()) == ""
