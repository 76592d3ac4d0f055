"""One trace of all parts of a process: the gateway's notes and the subgraphs' become spans by the same way out.

A subgraph's part is kept where the caller keeps the trace, where it failed or was slow itself; in one process also
where the gateway, which hears last how the request went, keeps its own part.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from gateway.telemetry.tracing import HttpEnd, OperationTrace, Trace
from gateway.telemetry.tracing import SpanSink as GatewaySink
from gateway.telemetry.tracing.tracing import Bounded, TracingRules
from infra.told_parts import in_words
from subgraphs.kit.telemetry.tracing import Part, Span

__all__ = ["JoinedSink", "PartSpans"]

_log = logging.getLogger("subgraphs.spans")
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_SCOPE = InstrumentationScope("subgraphs")
_MOST_WAITING = 256
"""Requests of one process whose end the gateway has not told of, or that had parts which ended after it. Not traces: their
ids are strangers' to choose, and may be the same in every request."""


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
        epoch: Callable[[], float] = lambda: time.time() - time.perf_counter(),
    ) -> None:
        """``joined``: a gateway in this process says which requests it keeps (``JoinedSink``). ``epoch``: seconds to
        add to spans' times, which makes them the clock's."""
        self._processor = processor
        self._resource = resource
        self._resources: dict[str, Resource] = {}
        self._slow_seconds = rules.slow_seconds
        self._joined = joined
        self._epoch = epoch
        self._failed, self._slow = Bounded(rules.per_second, clock), Bounded(rules.per_second, clock)
        self._waiting: OrderedDict[str, list[Part]] = OrderedDict()

    def __call__(self, part: Part) -> None:
        """A part has ended."""
        header = part.header
        worth = part.sampled or part.failed or part.ended - part.began >= self._slow_seconds
        if worth and self._is_kept(part):
            self._write(part)
        elif self._joined and header is not None and part.kind in _OF_REQUESTS:
            request = header[_REQUEST]  # the gateway's own header
            known = self._waiting.get(request)
            if known is not None:
                known.append(part)
                return
            self._waiting[request] = [part]
            if len(self._waiting) > _MOST_WAITING:
                _say(self._waiting.popitem(last=False)[1])
            return
        _say([part])

    def kept(self, trace: Trace) -> None:
        """The gateway keeps what this request made."""
        parts = self._waiting.pop(trace.request, ())
        _say(parts)
        for part in parts:
            self._write(part)

    def left(self, trace: Trace) -> None:
        """The gateway does not keep it."""
        _say(self._waiting.pop(trace.request, ()))

    def _write(self, part: Part) -> None:
        resource = self._resources.get(part.service)
        if resource is None:
            resource = self._resource.merge(Resource({SERVICE_NAME: part.service}))
            self._resources[part.service] = resource
        epoch = self._epoch()
        *inside, whole = part.spans
        for span in inside:
            self._processor.on_end(_readable(part, span, resource, epoch, remote=False))
        self._processor.on_end(_readable(part, whole, resource, epoch, remote=True))

    def _is_kept(self, part: Part) -> bool:
        """Whether one is kept that was chosen, failed or was slow: a flood of errors is no flood of spans, nor in slow ones'
        place."""
        slow = part.ended - part.began >= self._slow_seconds
        return part.sampled or (part.failed and self._failed.more()) or (slow and self._slow.more())


def _say(parts: Sequence[Part]) -> None:
    """What they did in the log, where everything is told: of one request together, so that there is one look at its level."""
    if _log.isEnabledFor(logging.DEBUG):
        for part in parts:
            _log.debug("%s", in_words(part))


_OF_REQUESTS = (SpanKind.INTERNAL, SpanKind.SERVER)
_REQUEST = slice(3, 44)
"""Of a ``traceparent``: ``Trace.request``."""


def _readable(part: Part, span: Span, resource: Resource, epoch: float, *, remote: bool) -> ReadableSpan:
    """``epoch``: seconds to add to the span's times; ``remote``: its parent is the caller's."""
    attributes = span.attributes if span.error is None else {**span.attributes, "error.type": span.error}
    parent = span.parent_id
    return ReadableSpan(
        span.name,
        SpanContext(part.trace_id, span.span_id, is_remote=False, trace_flags=_SAMPLED),
        (parent and SpanContext(part.trace_id, parent, remote, _SAMPLED)) or None,
        resource,
        dict(attributes),
        kind=span.kind,
        status=Status(StatusCode.UNSET if span.error is None else StatusCode.ERROR),
        start_time=int((span.began + epoch) * 1e9),
        end_time=int((span.ended + epoch) * 1e9),
        instrumentation_scope=_SCOPE,
    )


class JoinedSink(GatewaySink):
    """The gateway's own sink; what it keeps, the subgraphs beside it keep, too."""

    def __init__(self, sink: GatewaySink, parts: PartSpans) -> None:
        self._sink = sink
        self._parts = parts

    def take(self, trace: Trace, operations: Sequence[OperationTrace], http: HttpEnd | None) -> None:
        self._sink.take(trace, operations, http)
        self._parts.kept(trace)

    def leave(self, trace: Trace) -> None:
        self._parts.left(trace)
