"""The last traces that were kept, in memory: for the operators' page, and for who has no collector."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Final

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.trace import StatusCode

__all__ = ["Recent", "RecentTraces"]

_SLOW: Final = "slow"


@dataclass(slots=True)
class Recent:
    """One trace that was kept, as far as this process took part in it."""

    trace_id: str
    spans: list[ReadableSpan] = field(default_factory=list)
    reason: str = ""
    """Why it is worth a look: the type of its first error, or that it was slow."""
    operation: str = ""
    """As the client calls it."""


class RecentTraces(SpanProcessor):
    """Where there is no place for one more, what there is most of gives one up: of the reasons to look at a trace the
    most frequent one, of its operations likewise. So who causes many errors pushes out errors of that kind alone.
    """

    def __init__(self, most: int = 100, most_spans: int = 1000, slow_seconds: float = 1.0) -> None:
        self._most = most
        self._most_spans = most_spans
        self._slow_nanoseconds = slow_seconds * 1e9
        self._traces: OrderedDict[int, Recent] = OrderedDict()

    def on_end(self, span: ReadableSpan) -> None:
        """Remember a span."""
        if span.context is None:
            return
        trace_id = span.context.trace_id
        found = self._traces.get(trace_id)
        if found is None:
            if len(self._traces) >= self._most:
                del self._traces[self._least_missed()]
            found = self._traces[trace_id] = Recent(f"{trace_id:032x}")
        self._traces.move_to_end(trace_id)  # one of a browser's goes on for half a minute
        if len(found.spans) < self._most_spans:
            found.spans.append(span)
            self._judge(found, span)

    def spans_of(self, trace_id: str) -> list[ReadableSpan]:
        """Of one trace, by its 32 hexadecimal digits; none of one that is not remembered."""
        found = next((one for one in self.latest() if one.trace_id == trace_id), None)
        return [] if found is None else list(found.spans)

    def latest(self) -> list[Recent]:
        """Newest first."""
        return list(reversed(self._traces.values()))

    def _judge(self, trace: Recent, span: ReadableSpan) -> None:
        attributes = span.attributes or {}
        if span.status.status_code is StatusCode.ERROR and trace.reason in ("", _SLOW):
            trace.reason = str(attributes.get("error.type", "error"))
        elif not trace.reason and (span.end_time or 0) - (span.start_time or 0) >= self._slow_nanoseconds:
            trace.reason = _SLOW
        if not trace.operation:
            trace.operation = str(attributes.get("graphql.operation.name", ""))

    def _least_missed(self) -> int:
        """The quietest trace of the most frequent operation of the most frequent reason."""
        reasons = Counter(trace.reason for trace in self._traces.values())
        reason = reasons.most_common(1)[0][0]
        operations = Counter(one.operation for one in self._traces.values() if one.reason == reason)
        kind = (reason, operations.most_common(1)[0][0])
        return next(at for at, one in self._traces.items() if (one.reason, one.operation) == kind)
