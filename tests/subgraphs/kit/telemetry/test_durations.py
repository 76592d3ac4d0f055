"""Durations by bucket, and the quantiles in them."""

from __future__ import annotations

import threading
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.kit.telemetry.durations import BOUNDS, EDGES, Durations, Seen, quantile

SECONDS = st.floats(EDGES[0], EDGES[-1])


def _observed(*seconds: float) -> Durations:
    durations = Durations()
    for each in seconds:
        durations.observe(each)
    return durations


@pytest.mark.parametrize(
    ("seconds", "bucket"),
    [(0.0, 0), (0.0001, 0), (0.00010001, 1), (0.0002, 1), (5.0, 13), (9.0, 14), (1e6, 14)],
)
def test_a_duration_is_counted_in_the_first_bucket_whose_bound_is_not_below_it(
    seconds: float, bucket: int
) -> None:
    counts = _observed(seconds).by_bound()
    assert (len(counts), counts.index(1), sum(counts)) == (len(BOUNDS) + 1, bucket, 1)


def test_nothing_takes_no_room_and_has_no_quantile() -> None:
    nothing = Durations()
    assert (nothing.counts, nothing.total, quantile(nothing.counts, 0.5)) == ([], 0.0, None)


@given(SECONDS, st.floats(0, 1))
def test_the_quantile_of_one_is_within_five_percent(seconds: float, share: float) -> None:
    assert quantile(_observed(seconds).counts, share) == pytest.approx(seconds, rel=0.05)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.95, 0.99, 1.0])
def test_quantiles_of_many_are_within_five_percent(share: float) -> None:
    random = Random(8)  # noqa: S311
    seconds = sorted(random.lognormvariate(-7, 2) for _ in range(10_000))
    assert quantile(_observed(*seconds).counts, share) == pytest.approx(
        seconds[round(share * 10_000) - 1], rel=0.05
    )


def test_what_two_moments_differ_by_has_quantiles_too() -> None:
    durations = _observed(*[0.001] * 100)
    before = list(durations.counts)
    for _ in range(10):
        durations.observe(0.2)
    between = [now - then for now, then in zip(durations.counts, before, strict=True)]
    assert quantile(between, 0.5) == pytest.approx(0.2, rel=0.05)


def test_the_latest_of_a_trace_is_the_example_of_its_bucket() -> None:
    durations = Durations(now=lambda: 7.0)
    for seconds, trace in ((0.002, "a"), (0.0022, "b"), (0.002, None), (0.3, "c")):
        durations.observe(seconds, trace)
    assert durations.exemplars == {4: Seen("b", 0.0022, 7.0), 11: Seen("c", 0.3, 7.0)}


def test_what_was_only_taken_down_is_counted_like_the_rest() -> None:
    durations, expected = Durations(), _observed(0.002, 0.002, 0.002, 0.7)
    durations.observe(0.002, times=3)
    durations.latest.append(0.7)
    assert durations.counts == expected.counts
    assert durations.total == pytest.approx(0.706)


def test_nothing_is_lost_or_counted_twice_where_threads_read_what_is_being_observed() -> None:
    durations, over, seen = Durations(), threading.Event(), list[list[int]]()

    def read() -> None:
        counted: list[int] = []
        while not over.is_set():
            counted.append(sum(durations.counts))
        seen.append(counted)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(20_000):
        durations.latest.append(0.001)
        if number % 100 == 0:
            durations.settle()
    over.set()
    for reader in readers:
        reader.join()
    assert all(counted == sorted(counted) for counted in seen)
    assert sum(durations.counts) == 20_000
