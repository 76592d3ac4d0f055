"""A subgraph's part becomes spans where the trace is kept: by the caller, by the gateway beside it, or for how it went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

from gateway.telemetry.tracing import HttpEnd, OperationTrace, SpanSink, Trace, TraceContext
from gateway.telemetry.tracing.tracing import TracingRules
from infra.tracing import JoinedSink, PartSpans
from subgraphs.kit.telemetry.tracing import Part
from tests.subgraphs.parts import Statement, ended_part

_TRACE = 0x0AF7651916CD43DD8448EB211C80319C


class _Kept(SpanProcessor):
    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        self.spans.append(span)


class _NoSpans(SpanSink):
    def take(self, trace: Trace, operations: Sequence[OperationTrace], http: HttpEnd | None) -> None:
        """The gateway's own are not looked at."""


def _part(
    *,
    sampled: bool = False,
    error: str | None = None,
    seconds: float = 0.1,
    kind: SpanKind = SpanKind.INTERNAL,
    trace: int = _TRACE,
    parent: int = 1,
) -> Part:
    statement = Statement("SELECT posts", 1.0, 1.05, {"db.system.name": "postgresql"}, error)
    return ended_part(
        "content", trace, 1.0, 1.0 + seconds, [statement], sampled=sampled, kind=kind, caller=parent
    )


def _parts(kept: _Kept, *, joined: bool = False, **rules: Any) -> PartSpans:
    clock = iter(range(1000)).__next__ if "per_second" not in rules else lambda: 0.0
    resource = Resource({"service.name": "lets-connect", "service.namespace": "lets-connect"})
    return PartSpans(
        kept, resource, TracingRules(**rules), joined=joined, clock=clock, epoch=lambda: 1_000_000.0
    )


def test_a_kept_part_is_told_as_the_sdk_would() -> None:
    kept = _Kept()
    part = _part(sampled=True, error="57P01")
    _parts(kept)(part)
    statement, root = kept.spans
    assert statement.context is not None
    assert statement.parent is not None
    assert root.parent is not None
    assert (statement.name, statement.kind, statement.context.trace_id, statement.context.span_id) == (
        "SELECT posts",
        SpanKind.CLIENT,
        _TRACE,
        part.spans[0].span_id,
    )
    assert (statement.parent.span_id, statement.parent.is_remote) == (part.spans[1].span_id, False)
    assert (root.parent.span_id, root.parent.is_remote) == (1, True)
    assert (statement.start_time, statement.end_time) == (1_000_001_000_000_000, 1_000_001_050_000_000)
    assert dict(statement.attributes or {}) == {"db.system.name": "postgresql", "error.type": "57P01"}
    assert (statement.status.status_code, root.status.status_code) == (StatusCode.ERROR, StatusCode.UNSET)
    assert dict(root.resource.attributes) == {
        "service.name": "content",
        "service.namespace": "lets-connect",
    }


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (_part(), False),
        (_part(sampled=True), True),
        (_part(error="timeout"), True),
        (_part(seconds=1.0), True),
        (_part(seconds=0.9), False),
    ],
)
def test_what_failed_or_was_slow_is_kept_besides(part: Part, told: bool) -> None:
    kept = _Kept()
    _parts(kept)(part)
    assert bool(kept.spans) is told


def test_a_flood_of_errors_is_no_flood_of_spans() -> None:
    kept = _Kept()
    parts = _parts(kept, per_second=5.0)
    for _ in range(100):
        parts(_part(error="timeout"))
    assert len(kept.spans) == 2 * 5


def test_a_flood_of_errors_takes_no_place_from_slow_ones() -> None:
    kept = _Kept()
    parts = _parts(kept, per_second=5.0)
    for _ in range(100):
        parts(_part(error="timeout"))
    kept.spans.clear()
    for _ in range(100):
        parts(_part(seconds=2.0))
    assert len(kept.spans) == 2 * 5


def _request(trace: int = _TRACE) -> Trace:
    """Whose first fetch has the id after its own."""
    made = Trace(TraceContext(f"{trace:032x}", 0xB7AD6B7169203331), recorded=True, sampled=False)
    made.next_span()
    return made


def test_beside_a_gateway_the_parts_of_what_it_keeps_are_kept() -> None:
    kept = _Kept()
    parts = _parts(kept, joined=True)
    trace = _request()
    parts(_part(parent=trace.span))
    parts(_part(parent=trace.span + 1))
    parts(_part(trace=7))
    parts(_part(kind=SpanKind.CONSUMER))
    assert kept.spans == []

    class Sink(_NoSpans):
        def take(self, *_: Any) -> None:
            kept.spans.clear()

    JoinedSink(Sink(), parts).take(trace, [], None)
    assert [s.name for s in kept.spans] == ["SELECT posts", "query"] * 2
    JoinedSink(Sink(), parts).take(trace, [], None)
    assert kept.spans == []


def test_beside_a_gateway_the_parts_of_what_it_does_not_keep_are_let_go() -> None:
    kept = _Kept()
    parts = _parts(kept, joined=True)
    sink = JoinedSink(_NoSpans(), parts)
    one, other = _request(), _request(7)
    parts(_part(parent=one.span))
    parts(_part(trace=7, parent=other.span))
    sink.leave(one)
    for trace in (one, other):
        parts.kept(trace)
    assert {s.context.trace_id for s in kept.spans if s.context} == {7}


def test_requests_of_one_trace_are_kept_and_let_go_each_for_itself() -> None:
    kept = _Kept()
    parts = _parts(kept, joined=True)
    well, failed = _request(), _request()
    parts(_part(parent=well.span + 1))
    parts(_part(parent=failed.span + 1))
    parts.left(well)
    parts.kept(failed)
    assert [s.parent.span_id for s in kept.spans if s.name == "query" and s.parent] == [failed.span + 1]


def test_what_waits_for_the_gateway_is_bounded() -> None:
    kept = _Kept()
    parts = _parts(kept, joined=True)
    traces = [_request(trace) for trace in range(1, 300)]
    for number, trace in enumerate(traces, start=1):
        parts(_part(trace=number, parent=trace.span))
    for trace in traces:
        parts.kept(trace)
    assert len({s.context.trace_id for s in kept.spans if s.context}) == 256


def test_what_ends_after_its_request_is_bounded_however_often_a_stranger_names_one_trace() -> None:
    kept = _Kept()
    parts = _parts(kept, joined=True)
    requests = [_request() for _ in range(300)]
    for request in requests:
        parts.left(request)  # its client went away
        parts(_part(parent=request.span + 1))
    for request in requests:
        parts.kept(request)
    assert len(kept.spans) == 2 * 256
