"""One trace of all parts of a process: the gateway's notes and the subgraphs' become spans by the same way out.

A subgraph's part is kept where the caller keeps the trace, where it failed or was slow itself; in one process also
where the gateway, which hears last how the request went, keeps its own part.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from gateway.telemetry.tracing import HttpEnd, OperationTrace, Trace
from gateway.telemetry.tracing import SpanSink as GatewaySink
from gateway.telemetry.tracing.tracing import TracingRules
from subgraphs.kit.tracing import Part, Span

__all__ = ["JoinedSink", "PartSpans", "Recent", "RecentTraces"]

_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_SCOPE = InstrumentationScope("subgraphs")
_MOST_WAITING = 256
"""Traces of one process whose end the gateway has not told of."""


class PartSpans:
    """Takes every part of the subgraphs in this process, and makes spans of those that are kept."""

    def __init__(
        self,
        processor: SpanProcessor,
        resource: Resource,
        rules: TracingRules,
        *,
        joined: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``joined``: a gateway in this process says which requests it keeps (``JoinedSink``)."""
        self._processor = processor
        self._resource = resource
        self._resources: dict[str, Resource] = {}
        self._rules = rules
        self._joined = joined
        self._clock = clock
        self._left, self._seen = rules.per_second, clock()
        self._waiting: OrderedDict[int, list[Part]] = OrderedDict()

    def __call__(self, part: Part) -> None:
        """A part has ended."""
        if part.sampled or ((part.failed or part.seconds >= self._rules.slow_seconds) and self._more()):
            self._write(part)
        elif self._joined and part.spans[-1].kind in _OF_REQUESTS:
            self._waiting.setdefault(part.trace_id, []).append(part)
            if len(self._waiting) > _MOST_WAITING:
                self._waiting.popitem(last=False)

    def kept(self, trace_id: int) -> None:
        """The gateway keeps this trace."""
        for part in self._waiting.pop(trace_id, ()):
            self._write(part)

    def left(self, trace_id: int) -> None:
        """The gateway does not keep it."""
        self._waiting.pop(trace_id, None)

    def _write(self, part: Part) -> None:
        resource = self._resources.get(part.service)
        if resource is None:
            resource = self._resource.merge(Resource({SERVICE_NAME: part.service}))
            self._resources[part.service] = resource
        for span in part.spans:
            self._processor.on_end(_readable(part, span, resource))

    def _more(self) -> bool:
        """Whether one more may be kept that nobody chose: a flood of errors is no flood of spans."""
        now = self._clock()
        rate = self._rules.per_second
        self._left = min(rate, self._left + (now - self._seen) * rate)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


_OF_REQUESTS = (SpanKind.INTERNAL, SpanKind.SERVER)


def _readable(part: Part, span: Span, resource: Resource) -> ReadableSpan:
    attributes = span.attributes if span.error is None else {**span.attributes, "error.type": span.error}
    parent = span.parent_id
    return ReadableSpan(
        span.name,
        SpanContext(part.trace_id, span.span_id, is_remote=False, trace_flags=_SAMPLED),
        (parent and SpanContext(part.trace_id, parent, span is part.spans[-1], _SAMPLED)) or None,
        resource,
        dict(attributes),
        kind=span.kind,
        status=Status(StatusCode.UNSET if span.error is None else StatusCode.ERROR),
        start_time=int((span.began + part.epoch) * 1e9),
        end_time=int((span.ended + part.epoch) * 1e9),
        instrumentation_scope=_SCOPE,
    )


class JoinedSink(GatewaySink):
    """The gateway's own sink; what it keeps, the subgraphs beside it keep, too."""

    def __init__(self, sink: GatewaySink, parts: PartSpans) -> None:
        self._sink = sink
        self._parts = parts

    def take(self, trace: Trace, operations: Sequence[OperationTrace], http: HttpEnd | None) -> None:
        self._sink.take(trace, operations, http)
        self._parts.kept(int(trace.trace_id, 16))

    def leave(self, trace: Trace) -> None:
        self._parts.left(int(trace.trace_id, 16))


@dataclass(slots=True)
class Recent:
    """One trace that was kept, as far as this process took part in it."""

    trace_id: str
    spans: list[ReadableSpan]


class RecentTraces(SpanProcessor):
    """The last traces that were kept, in memory: for the operators' page, and for who has no collector."""

    def __init__(self, most: int = 100, most_spans: int = 1000) -> None:
        self._most = most
        self._most_spans = most_spans
        self._traces: OrderedDict[int, Recent] = OrderedDict()

    def on_end(self, span: ReadableSpan) -> None:
        """Remember a span, and forget the trace that is quiet the longest."""
        if span.context is None:
            return
        trace_id = span.context.trace_id
        found = self._traces.get(trace_id)
        if found is None:
            found = self._traces[trace_id] = Recent(f"{trace_id:032x}", [])
            if len(self._traces) > self._most:
                self._traces.popitem(last=False)
        if len(found.spans) < self._most_spans:
            found.spans.append(span)

    def latest(self) -> list[Recent]:
        """Newest first."""
        return list(reversed(self._traces.values()))
