"""Which traces are kept: a share of them, what a caller may choose, and errors and slow ones whatever was chosen.

A caller's ids are not its choice: a browser's are taken over, so that what a person saw is found by them, while whether
its trace is kept is not a stranger's to say. The share is settled at the start: by the id of a trace that begins here, as
everyone settles it who has the same share, and by lot where somebody else chose the id. The rest is known at the end only.
What comes on top of the share is bounded, errors and slow ones for themselves: neither a flood of errors nor one of
callers who choose is a flood of spans, or takes the other's place; nor do errors, which anybody can cause, take that of
slow ones.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from gateway.telemetry.tracing.context import TraceContext
from gateway.telemetry.tracing.record import OperationTrace, Trace

__all__ = ["NOT_KEPT", "Bounded", "HttpEnd", "Parents", "SpanSink", "Tracing", "TracingRules"]

Parents: TypeAlias = Literal["any", "trusted", "ids", "none"]
"""Whose choice of what is kept is followed: anyone's, trusted proxies', nobody's. With ``none`` traces begin here, too."""
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
    """Of requests that no caller chose to keep, 0 to 1."""
    parents: Parents = "ids"
    strict: bool = False
    """Whether those whose choice is followed may also choose that nothing is kept but errors and slowness."""
    slow_seconds: float = 1.0
    per_second: float = 20.0
    """Traces kept on top of the share, on average: so many that callers chose, as many that failed, as many slow ones."""


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
        self._below = round(self._rules.share * _ALL)
        self._chosen = Bounded(self._rules.per_second, clock)
        self._failed = Bounded(self._rules.per_second, clock)
        self._slow = Bounded(self._rules.per_second, clock)

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
        given = None
        if parent is not None and self._rules.parents != "none":
            given = TraceContext.read(parent, states)
        if self._sink is None:
            context = given or TraceContext.new()
            sampled = context.sampled and self._followed(trusted=trusted)
            return Trace(context, recorded=False, sampled=sampled, served=served)
        if given is not None:
            return Trace(given, recorded=True, sampled=self._kept(given, trusted=trusted), served=served)
        context = TraceContext.new()
        sampled = int(context.trace_id[16:], 16) < self._below
        return Trace(context, recorded=True, sampled=sampled, served=served)

    def _kept(self, given: TraceContext, *, trusted: bool) -> bool:
        """Whether a trace that somebody else began is kept whatever becomes of it."""
        followed = self._followed(trusted=trusted)
        if followed and given.sampled:
            return self._chosen.more()
        if followed and self._rules.strict:
            return False
        return random.getrandbits(64) < self._below  # its id would let a stranger choose

    def _followed(self, *, trusted: bool) -> bool:
        return self._rules.parents == "any" or (trusted and self._rules.parents == "trusted")

    def settle(self, trace: Trace, began: float, ended: float, *, failed: bool) -> bool:
        """Whether a trace is kept, now that it is known how its request or a part of it went."""
        if not trace.kept and trace.recorded:
            slow = ended - began >= self._rules.slow_seconds
            trace.kept = (failed and self._failed.more()) or (slow and self._slow.more())
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


class Bounded:
    """So many a second on average, and at once."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._clock = clock
        self._left = self._most = max(1.0, per_second)
        self._seen = clock()

    def more(self) -> bool:
        """Whether there may be one more."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._seen) * self._per_second)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


NOT_KEPT = Tracing(None)
