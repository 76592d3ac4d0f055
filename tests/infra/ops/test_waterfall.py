"""Traces that were kept, as lines and as a waterfall."""

from __future__ import annotations

from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import SpanKind

from gateway.telemetry.tracing.tracing import TracingRules
from infra.ops.waterfall import lines, parts_of, waterfall
from infra.recent_traces import RecentTraces
from infra.tracing import PartSpans
from tests.subgraphs.parts import Statement, ended_part


def _recent(*traces: tuple[int, float, str]) -> RecentTraces:
    """Of one operation with two statements, the second of which fails where it is said how."""
    recent = RecentTraces()
    parts = PartSpans(recent, Resource({}), TracingRules(), joined=False)
    for trace, seconds, error in traces:
        asked = {"graphql.operation.type": "query", "graphql.operation.name": "Feed"}
        statements = [
            Statement("SELECT posts", 1.0, 1.05, {"db.query.summary": "SELECT posts"}),
            Statement("SELECT users", 1.1, 1.2, {}, error or None),
        ]
        kind = SpanKind.SERVER
        parts(ended_part("content", trace, 1.0, 1.0 + seconds, statements, kind=kind, attributes=asked))
    return recent


def test_requests_are_told_slowest_first() -> None:
    recent = _recent((1, 0.5, ""), (2, 2.0, "timeout"), (3, 1.0, ""))
    found = [
        (one.id[-1], one.name, round(one.seconds, 6), one.failed, one.spans) for one in lines(recent.latest())
    ]
    assert found == [
        ("2", "query Feed", 2.0, True, 3),
        ("3", "query Feed", 1.0, False, 3),
        ("1", "query Feed", 0.5, False, 3),
    ]


def test_work_that_no_request_waits_for_is_no_line() -> None:
    recent = RecentTraces()
    event = ended_part("user", 7, 1.0, 9.0, name="process events:content", kind=SpanKind.CONSUMER)
    PartSpans(recent, Resource({}), TracingRules(), joined=False)(event)
    assert lines(recent.latest()) == []


def test_spans_are_below_their_parents_by_when_they_began() -> None:
    (trace,) = _recent((1, 0.5, "timeout")).latest()
    drawn = waterfall(trace.trace_id, parts_of(trace.spans))
    assert drawn is not None
    assert [
        (s.depth, s.name, s.service, s.detail, round(s.began, 3), round(s.seconds, 3), s.failed)
        for s in drawn.spans
    ] == [
        (0, "query", "content", "", 0.0, 0.5, False),
        (1, "SELECT posts", "content", "summary SELECT posts", 0.0, 0.05, False),
        (1, "SELECT users", "content", "type timeout", 0.1, 0.1, True),
    ]
    assert (drawn.name, round(drawn.seconds, 3), drawn.left_out) == ("query", 0.5, 0)
    assert waterfall("gone", []) is None


def test_a_trace_of_thousands_is_cut() -> None:
    (trace,) = _recent((1, 0.5, "")).latest()
    many = parts_of(trace.spans * 200)
    drawn = waterfall(trace.trace_id, [*many])
    assert drawn is not None
    assert len(drawn.spans) + drawn.left_out == 600
    assert len(drawn.spans) == 300
