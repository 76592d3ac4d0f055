"""Which traces are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from gateway.telemetry.tracing import HttpEnd, OperationTrace, SpanSink, Trace, Tracing
from gateway.telemetry.tracing.tracing import Parents, TracingRules

_ID = "0af7651916cd43dd8448eb211c80319c"
_SAMPLED, _NOT_SAMPLED = f"00-{_ID}-b7ad6b7169203331-01", f"00-{_ID}-b7ad6b7169203331-00"


@dataclass
class _Kept(SpanSink):
    traces: list[Trace] = field(default_factory=list)
    operations: list[OperationTrace] = field(default_factory=list)

    def take(self, trace: Trace, operations: Sequence[OperationTrace], http: HttpEnd | None) -> None:
        self.traces.append(trace)
        self.operations += operations


class _Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def _tracing(sink: SpanSink | None, clock: _Clock | None = None, **rules: object) -> Tracing:
    given = {"share": 0.0, **rules}
    return Tracing(sink, TracingRules(**given), clock or _Clock())  # type: ignore[arg-type] # by name


def _run(tracing: Tracing, *, parent: str | None = None, seconds: float = 0.1, failed: bool = False) -> bool:
    trace = tracing.begin(parent)
    tracing.settle(trace, 10.0, 10.0 + seconds, failed=failed)
    tracing.finish(trace)
    return trace.kept


def test_the_share_is_of_the_ids_as_opentelemetry_has_it() -> None:
    tracing = _tracing(_Kept(), share=0.25)
    traces = [tracing.begin() for _ in range(2000)]
    low = {t.trace_id for t in traces if int(t.trace_id, 16) & (1 << 64) - 1 < (1 << 64) // 4}
    assert {t.trace_id for t in traces if t.sampled} == low
    assert 350 < len(low) < 650


def test_errors_and_slow_ones_are_kept_whatever_their_share() -> None:
    sink = _Kept()
    tracing = _tracing(sink, slow_seconds=1.0)
    assert [_run(tracing), _run(tracing, failed=True), _run(tracing, seconds=1.0)] == [False, True, True]
    assert len(sink.traces) == 2
    assert not any(trace.sampled for trace in sink.traces)  # subgraphs were told so, and are to believe it


def test_a_flood_of_errors_is_no_flood_of_spans() -> None:
    clock = _Clock()
    tracing = _tracing(_Kept(), clock, per_second=5.0)
    assert sum(_run(tracing, failed=True) for _ in range(100)) == 5
    clock.now += 1.0
    assert sum(_run(tracing, failed=True) for _ in range(100)) == 5


def test_a_flood_of_errors_takes_no_place_from_slow_ones() -> None:
    tracing = _tracing(_Kept(), per_second=5.0)
    assert sum(_run(tracing, failed=True) for _ in range(100)) == 5
    assert sum(_run(tracing, seconds=2.0) for _ in range(100)) == 5


@pytest.mark.parametrize(
    ("parents", "trusted", "followed"),
    [
        ("any", False, True),
        ("trusted", False, False),
        ("trusted", True, True),
        ("ids", True, False),
    ],
)
def test_everyones_ids_are_taken_over_and_the_choice_of_whom_the_rules_name(
    parents: Parents, trusted: bool, followed: bool
) -> None:
    trace = _tracing(_Kept(), parents=parents).begin(_SAMPLED, ["a=1"], trusted=trusted)
    assert (trace.trace_id, trace.context.parent, trace.context.state) == (_ID, 0xB7AD6B7169203331, "a=1")
    assert trace.sampled == followed
    assert trace.headers()["traceparent"].endswith("-01" if followed else "-00")


def test_where_no_parent_counts_a_trace_begins_here() -> None:
    trace = _tracing(_Kept(), parents="none").begin(_SAMPLED, ["a=1"], trusted=True)
    assert (trace.trace_id != _ID, trace.context.parent, trace.sampled) == (True, 0, False)


@pytest.mark.parametrize("flags", ["00", "01", "02"])
def test_of_strangers_traces_a_share_is_kept_by_lot_whatever_ids_they_make(flags: str) -> None:
    tracing = _tracing(_Kept(), share=0.25)
    lowest = f"00-{'0' * 31}1-b7ad6b7169203331-{flags}"  # by its id it would always be kept
    assert 350 < sum(tracing.begin(lowest).sampled for _ in range(2000)) < 650


def test_what_a_stranger_sends_is_kept_for_an_error_and_for_slowness() -> None:
    tracing = _tracing(_Kept())
    assert [
        _run(tracing, parent=parent, **how)
        for parent in (_SAMPLED, _NOT_SAMPLED)
        for how in ({}, {"failed": True}, {"seconds": 1.0})
    ] == [False, True, True] * 2


def test_a_caller_who_keeps_nothing_leaves_it_to_the_share_unless_that_choice_counts_too() -> None:
    for strict in (False, True):
        tracing = _tracing(_Kept(), share=1.0, parents="any", strict=strict)
        assert _run(tracing, parent=_NOT_SAMPLED) is not strict
        assert _run(tracing, parent=_NOT_SAMPLED, failed=True)


def test_callers_cannot_choose_more_traces_than_are_allowed_nor_take_the_place_of_errors() -> None:
    tracing = _tracing(_Kept(), per_second=3.0, parents="any")
    assert sum(tracing.begin(_SAMPLED).sampled for _ in range(1000)) == 3
    assert sum(_run(tracing, failed=True) for _ in range(10)) == 3


def test_without_a_place_for_spans_nothing_is_recorded_and_traces_are_passed_on() -> None:
    tracing = _tracing(None, share=1.0, parents="any")
    given = tracing.begin(_SAMPLED, ["a=1"])
    record = OperationTrace(given)
    record.phase("graphql.parse", 0.0)
    assert given.headers(record.fetch_started()) == {"traceparent": _SAMPLED, "tracestate": "a=1"}
    assert (given.operations, record.phases, given.recorded) == ([], [], False)
    assert not _run(tracing, failed=True)
    assert tracing.begin().headers()["traceparent"].endswith("-00")
    stranger = _tracing(None).begin(_SAMPLED)
    assert stranger.headers() == {"traceparent": _NOT_SAMPLED}


def test_an_event_is_settled_by_itself() -> None:
    sink = _Kept()
    tracing = _tracing(sink)
    record = OperationTrace(tracing.begin(served=False))
    spans = []
    for failed in (True, False):
        spans.append(record.span)
        record.event_ended("FAILED" if failed else "")
        tracing.settle(record.trace, record.executed, record.ended, failed=failed)
        tracing.finish_event(record)
    assert len(sink.traces) == 1
    assert spans[0] != spans[1]
    assert not record.trace.kept
