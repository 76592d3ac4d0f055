"""The traces that are remembered are those that an operator looks for, whatever most of them are."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, Status, StatusCode, TraceFlags

from infra.recent_traces import RecentTraces

_INVALID, _INTERNAL = "GRAPHQL_VALIDATION_FAILED", "INTERNAL_SERVER_ERROR"
_IDS = count(1)


def _span(trace: int, seconds: float = 0.1, error: str = "", operation: str = "") -> ReadableSpan:
    attributes = {"graphql.operation.name": operation, "error.type": error}
    return ReadableSpan(
        "query",
        SpanContext(trace, next(_IDS), is_remote=False, trace_flags=TraceFlags(1)),
        resource=Resource({}),
        attributes={name: value for name, value in attributes.items() if value},
        status=Status(StatusCode.ERROR if error else StatusCode.UNSET),
        start_time=10**18,
        end_time=10**18 + int(seconds * 1e9),
    )


def _numbers(recent: RecentTraces) -> list[int]:
    return [int(one.trace_id, 16) for one in recent.latest()]


def test_the_latest_traces_stay_at_hand() -> None:
    recent = RecentTraces(most=2, most_spans=3)
    for trace in (1, 1, 2, 2, 1, 1, 3, 3):
        recent.on_end(_span(trace))
    assert [(int(one.trace_id, 16), len(one.spans)) for one in recent.latest()] == [(3, 2), (1, 3)]


@pytest.mark.parametrize("named", ["", "Q{}"], ids=["of one name", "each of a name of its own"])
def test_a_flood_of_one_error_pushes_out_neither_slow_ones_nor_other_errors(named: str) -> None:
    recent = RecentTraces(most=20)
    traces = count(1)
    for _ in range(3):
        recent.on_end(_span(next(traces), seconds=2.0, operation="Slow"))
        recent.on_end(_span(next(traces), error=_INTERNAL, operation="Broken"))
        recent.on_end(_span(next(traces), operation="Sampled"))
    for number in range(1000):
        recent.on_end(_span(next(traces), error=_INVALID, operation=named.format(number)))
    assert Counter(one.reason for one in recent.latest()) == {_INVALID: 11, "slow": 3, _INTERNAL: 3, "": 3}
    assert _numbers(recent)[:11] == list(range(1009, 998, -1))


def test_of_many_slow_ones_those_of_another_operation_stay() -> None:
    recent = RecentTraces(most=10)
    recent.on_end(_span(1, seconds=2.0, operation="Rare"))
    for trace in range(2, 100):
        recent.on_end(_span(trace, seconds=2.0, operation="Often"))
    assert _numbers(recent) == [*range(99, 90, -1), 1]


def test_a_trace_is_judged_by_its_first_error_and_by_slowness_without_one() -> None:
    recent = RecentTraces(slow_seconds=0.5)
    for span in (
        _span(1, 0.6),
        _span(1, error=_INTERNAL),
        _span(1, error=_INVALID),
        _span(2, 0.4),
        _span(3, 0.5),
    ):
        recent.on_end(span)
    assert [(one.reason) for one in recent.latest()] == ["slow", "", _INTERNAL]
