"""Which traces are kept: a share of them, what the caller has chosen, and errors and slow ones whatever was chosen.

That a share is kept is settled at the start, by the trace's id, as everyone settles it who has the same share; the rest
is known at the end only. What comes on top of the share is bounded, so that a flood of errors is no flood of spans.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from gateway.telemetry.tracing.context import TraceContext
from gateway.telemetry.tracing.record import OperationTrace, Trace

__all__ = ["NOT_KEPT", "HttpEnd", "Parents", "SpanSink", "Tracing", "TracingRules"]

Parents: TypeAlias = Literal["any", "trusted", "none"]
"""Whose traces are continued."""
_ALL = 1 << 64


@dataclass(frozen=True, slots=True)
class HttpEnd:
    """How a request over HTTP ended."""

    method: str
    route: str
    path: str
    scheme: str
    status: int
    version: str


class SpanSink(Protocol):
    """Takes what is kept."""

    def take(self, trace: Trace, operations: Sequence[OperationTrace], http: HttpEnd | None) -> None:
        """Make spans of what has ended; must neither block nor raise."""
        ...

    def leave(self, trace: Trace) -> None:
        """A trace has ended, and is not kept."""
        return


@dataclass(frozen=True, slots=True)
class TracingRules:
    """What is kept."""

    share: float = 0.01
    """Of requests that nobody has decided about, 0 to 1."""
    parents: Parents = "any"
    """Whose traces are continued, and whose choice of what is kept is followed."""
    slow_seconds: float = 1.0
    per_second: float = 20.0
    """Traces kept on top of the share, on average."""


class Tracing:
    """Begins traces and hands those that are kept to ``sink``; without one they are only passed on."""

    def __init__(
        self,
        sink: SpanSink | None,
        rules: TracingRules | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sink = sink
        self._rules = rules or TracingRules()
        self._clock = clock
        self._below = round(self._rules.share * _ALL)
        self._left = self._most = max(1.0, self._rules.per_second)
        self._seen = clock()

    def begin(
        self,
        parent: str | None = None,
        states: Sequence[str] = (),
        *,
        trusted: bool = False,
        served: bool = True,
    ) -> Trace:
        """The trace of a request that came with these headers; ``trusted`` where a trusted proxy sent it.

        ``served``: over HTTP, and not by itself on a connection that carries many.
        """
        followed = self._rules.parents == "any" or (trusted and self._rules.parents == "trusted")
        given = TraceContext.read(parent, states) if followed and parent is not None else None
        if self._sink is None:
            context = given or TraceContext.new()
            return Trace(context, recorded=False, sampled=context.sampled, served=served)
        if given is not None:
            return Trace(given, recorded=True, sampled=given.sampled and self._more(), served=served)
        context = TraceContext.new()
        sampled = int(context.trace_id[16:], 16) < self._below
        return Trace(context, recorded=True, sampled=sampled, served=served)

    def settle(self, trace: Trace, began: float, ended: float, *, failed: bool) -> bool:
        """Whether a trace is kept, now that it is known how its request or a part of it went."""
        if not trace.kept and trace.recorded and (failed or ended - began >= self._rules.slow_seconds):
            trace.kept = self._more()
        return trace.kept

    def finish(self, trace: Trace, http: HttpEnd | None = None) -> None:
        """The request is over, or an operation that came without one of its own."""
        operations, trace.operations = trace.operations, []
        if self._sink is None:
            return
        if trace.kept:
            self._sink.take(trace, operations, http)
        else:
            self._sink.leave(trace)

    def finish_event(self, record: OperationTrace) -> None:
        """An event of a subscription is over, and the next one is recorded anew."""
        if self._sink is not None:
            if record.trace.kept:
                self._sink.take(record.trace, [record], None)
            else:
                self._sink.leave(record.trace)
        record.trace.kept = record.trace.sampled
        record.next_event()

    def _more(self) -> bool:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._seen) * self._rules.per_second)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


NOT_KEPT = Tracing(None)
