"""Which traces are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from gateway.telemetry.fetches import NOT_OBSERVED
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


@pytest.mark.parametrize(
    ("parents", "trusted", "continued"),
    [
        ("any", False, True),
        ("trusted", False, False),
        ("trusted", True, True),
        ("none", True, False),
    ],
)
def test_a_callers_choice_is_followed_where_the_rules_say_so(
    parents: Parents, trusted: bool, continued: bool
) -> None:
    trace = _tracing(_Kept(), parents=parents).begin(_SAMPLED, ["a=1"], trusted=trusted)
    assert (trace.trace_id == _ID) == continued
    assert trace.sampled == continued
    assert trace.headers()["traceparent"].endswith("-01" if continued else "-00")


def test_what_a_caller_has_chosen_not_to_keep_is_kept_for_an_error_alone() -> None:
    tracing = _tracing(_Kept(), share=1.0)
    assert [_run(tracing, parent=_NOT_SAMPLED), _run(tracing, parent=_NOT_SAMPLED, failed=True)] == [
        False,
        True,
    ]


def test_callers_cannot_make_more_traces_than_are_allowed() -> None:
    tracing = _tracing(_Kept(), per_second=3.0)
    assert sum(tracing.begin(_SAMPLED).sampled for _ in range(10)) == 3


def test_without_a_place_for_spans_nothing_is_recorded_and_traces_are_passed_on() -> None:
    tracing = _tracing(None, share=1.0)
    given = tracing.begin(_SAMPLED, ["a=1"])
    record = OperationTrace(given, NOT_OBSERVED)
    record.phase("graphql.parse", 0.0)
    assert given.headers(record.fetch_started()) == {"traceparent": _SAMPLED, "tracestate": "a=1"}
    assert (given.operations, record.phases, given.recorded) == ([], [], False)
    assert not _run(tracing, failed=True)
    assert tracing.begin().headers()["traceparent"].endswith("-00")


def test_an_event_is_settled_by_itself() -> None:
    sink = _Kept()
    tracing = _tracing(sink)
    record = OperationTrace(tracing.begin(served=False), NOT_OBSERVED)
    spans = []
    for failed in (True, False):
        spans.append(record.span)
        record.event_ended("FAILED" if failed else "")
        tracing.settle(record.trace, record.executed, record.ended, failed=failed)
        tracing.finish_event(record)
    assert len(sink.traces) == 1
    assert spans[0] != spans[1]
    assert not record.trace.kept
