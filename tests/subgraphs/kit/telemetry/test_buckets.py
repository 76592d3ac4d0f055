"""Numbers are found the bucket that each by itself would be."""

from __future__ import annotations

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.kit.telemetry.buckets import MANY, Buckets

_EDGES = (0.5, 1.0, 2.5)


@given(st.lists(st.one_of(st.sampled_from((*_EDGES, 0.0, 9.0)), st.floats(0, 4)), max_size=600))
def test_numbers_are_counted_in_the_first_bucket_whose_edge_is_not_below_them(numbers: list[float]) -> None:
    buckets, expected = Buckets(_EDGES), [0] * (len(_EDGES) + 1)
    for number in numbers:
        buckets.latest.append(number)
        expected[bisect_left(_EDGES, number)] += 1
    assert buckets.counts == (expected if numbers else [])
    assert buckets.total == pytest.approx(sum(numbers))


def test_what_waits_is_bounded_where_it_is_settled() -> None:
    buckets = Buckets(_EDGES)
    for _ in range(10 * MANY):
        buckets.latest.append(1.0)
        buckets.settle()
    assert len(buckets.latest) < MANY
    assert buckets.counts == [0, 10 * MANY, 0, 0]
