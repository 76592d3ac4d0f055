"""Traces that were kept, as lines and as a waterfall."""

from __future__ import annotations

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, SpanKind

from gateway.telemetry.tracing.tracing import TracingRules
from infra.ops.waterfall import lines, parts_of, waterfall
from infra.recent_traces import Recent, RecentTraces
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


def test_how_long_a_subscription_was_open_makes_no_request_slow() -> None:
    def span(id_: int, parent: int, name: str, began: float, ended: float) -> ReadableSpan:
        own, above = (SpanContext(9, each, is_remote=False) for each in (id_, parent))
        start, end = int(began * 1e9), int(ended * 1e9)
        return ReadableSpan(name, own, above, Resource({}), start_time=start, end_time=end)

    stream = [
        span(5, 4, "subscription", 1.1, 3600.0),
        span(6, 5, "graphql.execute", 1.1, 3600.0),
        span(7, 6, "fetch content", 1.1, 3600.0),
        span(8, 7, "subscription", 900.0, 900.1),
        span(9, 8, "SELECT posts", 900.0, 900.1),
    ]
    page = [span(1, 0, "load", 1.0, 1.5), span(2, 1, "POST /graphql", 1.1, 1.4)]
    by_socket = [*page, span(4, 1, "subscription", 1.1, 3600.0), *stream]
    asked_for = [span(4, 0, "POST /graphql", 1.0, 3600.0), *stream]
    found = lines([Recent("1", by_socket), Recent("2", asked_for), Recent("3", stream)])
    assert [(one.id, round(one.seconds, 6), one.spans) for one in found] == [("1", 0.5, 8)]


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
