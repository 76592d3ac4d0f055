from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_core.signing import MAX_LIFE, WINDOW, Resource, Signature, Signer

KEYS = {"new": b"n" * 32, "old": b"o" * 32}
IMAGE = Resource("0192f0", "large.webp", "abc123")
parts = st.text(max_size=20)
resources = st.builds(Resource, parts, parts, parts)


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_a_signature_is_the_same_within_a_window_and_another_in_the_next() -> None:
    clock = Clock(1_000 * WINDOW)
    signer = Signer(KEYS, "new", now=clock)
    first = signer.sign(IMAGE)
    clock.now += WINDOW - 0.5
    assert signer.sign(IMAGE) == first
    clock.now += 1
    assert signer.sign(IMAGE).expires == first.expires + WINDOW


@given(now=st.floats(0, 1e10), resource=resources)
def test_a_signature_lives_one_to_two_windows_and_never_over_five_minutes(
    now: float, resource: Resource
) -> None:
    clock = Clock(now)
    signer = Signer(KEYS, "new", now=clock)
    signature = signer.sign(resource)
    assert WINDOW <= signature.expires - int(now) <= MAX_LIFE == 300
    assert signer.verify(resource, signature)
    clock.now = signature.expires
    assert not signer.verify(resource, signature)


@given(one=resources, other=resources)
def test_a_signature_is_for_one_resource_only(one: Resource, other: Resource) -> None:
    signer = Signer(KEYS, "new", now=Clock(1e6))
    assert signer.verify(other, signer.sign(one)) == (one == other)


def test_whatever_is_altered_is_refused() -> None:
    signer = Signer(KEYS, "new", now=Clock(1e6))
    good = signer.sign(IMAGE)
    altered = [
        replace(good, expires=good.expires + WINDOW),
        replace(good, expires=good.expires - 1),
        replace(good, key_id="old"),
        replace(good, key_id="unknown"),
        replace(good, value=""),
        replace(good, value=good.value[:-1]),
        replace(good, value=good.value + "="),
        replace(good, value=good.value.swapcase()),
        replace(good, value="é\ud800"),
        Signature(0, "", ""),
    ]
    assert [signature for signature in altered if signer.verify(IMAGE, signature)] == []


def test_an_old_key_is_still_taken_and_a_retired_one_is_not() -> None:
    clock = Clock(1e6)
    signature = Signer({"old": KEYS["old"]}, "old", now=clock).sign(IMAGE)
    assert Signer(KEYS, "new", now=clock).verify(IMAGE, signature)
    assert not Signer({"new": KEYS["new"]}, "new", now=clock).verify(IMAGE, signature)


def test_a_genuine_signature_for_too_far_ahead_is_refused() -> None:
    clock = Clock(1e6 + 10 * MAX_LIFE)
    signature = Signer(KEYS, "new", now=clock).sign(IMAGE)
    clock.now = 1e6
    assert not Signer(KEYS, "new", now=clock).verify(IMAGE, signature)


def test_a_key_must_be_there_and_long_enough() -> None:
    for keys in ({"other": b"x" * 32}, {"current": b"short"}):
        with pytest.raises(ValueError, match="32 bytes"):
            Signer(keys, "current")
