"""What a request leaves behind while it runs: plain values, of which spans are made only where the trace is kept.

Most requests are not kept, and whether one is turns out at its end. So nothing of the SDK is touched on the way: a
request has one number drawn for all its spans' ids, a fetch costs an addition and the line of a header.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from gateway.telemetry.fetches import FetchEnded, FetchObserver, Peer, SpanId
from gateway.telemetry.tracing.context import TraceContext

__all__ = ["OperationTrace", "Phase", "Trace"]

_MASK = (1 << 64) - 1
_HEADER = "traceparent"


Phase: TypeAlias = tuple[str, float, float]
"""A step of an operation: its name, and when it began and ended (``time.perf_counter``)."""


class Trace:
    """One request's part in a trace. With ``recorded`` false it only passes on what came."""

    __slots__ = (
        "_head",
        "_tail",
        "_used",
        "began",
        "context",
        "kept",
        "operations",
        "recorded",
        "sampled",
        "served",
        "span",
    )

    def __init__(self, context: TraceContext, *, recorded: bool, sampled: bool, served: bool = True) -> None:
        self.context = context
        self.served = served
        """Whether the request has a span of its own, which its operations are in."""
        self.recorded = recorded
        self.sampled = self.kept = sampled
        self.began = time.perf_counter()
        self.operations: list[OperationTrace] = []
        self._used = 0
        # Who records nothing passes on whose request it is.
        own = recorded or not context.parent
        self.span: SpanId = (random.getrandbits(64) or 1) if own else context.parent
        self._head = f"00-{context.trace_id}-"
        self._tail = "-01" if sampled else "-00"

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits."""
        return self.context.trace_id

    def next_span(self) -> SpanId:
        """An id that no other span of this trace has."""
        self._used += 1
        return (self.span + self._used) & _MASK

    def headers(self, span: SpanId = 0) -> dict[str, str]:
        """What a subgraph is told: the span that calls it, this request's where that has none of its own."""
        told = {_HEADER: f"{self._head}{span or self.span:016x}{self._tail}"}
        if self.context.state:
            told["tracestate"] = self.context.state
        return told


class OperationTrace(FetchObserver):
    """The record of one GraphQL operation, or of one event of a subscription; tells ``observer`` of its fetches too."""

    __slots__ = (
        "_observer", "began", "document", "ended", "error", "executed", "execution", "fetches", "joined", "kind", "name",
        "peers", "phases", "span", "trace",
    )  # fmt: skip

    def __init__(self, trace: Trace, observer: FetchObserver) -> None:
        self._observer = observer
        self.trace = trace
        self.kind = ""
        self.name: str | None = None
        self.document = ""
        self.peers: Mapping[str, Peer] = {}
        self.began = time.perf_counter()
        self._again()
        if trace.recorded:
            trace.operations.append(self)

    def phase(self, name: str, began: float) -> None:
        """A step that ends now."""
        if self.trace.recorded:
            self.phases.append((name, began, time.perf_counter()))

    def prepared(self, kind: str, name: str | None, peers: Mapping[str, Peer]) -> None:
        """What the operation is, and where the subgraphs are that it may ask."""
        self.kind, self.name, self.peers = kind, name, peers

    def refused(self, code: str) -> None:
        """The operation is over before it was executed."""
        self.ended, self.error = time.perf_counter(), code

    def end(self, error: str) -> None:
        """The answer is whole; ``error`` is a code, or empty."""
        self.ended, self.error = time.perf_counter(), error

    def event_ended(self, error: str) -> None:
        """The answer to an event is whole: what it took since its first fetch."""
        self.end(error)
        self.executed = self.fetches[0].began if self.fetches else self.ended
        if not self.began:
            self.began = self.executed

    def next_event(self) -> None:
        """Forget the event that is over."""
        self.began = 0.0
        self._again()

    def fetch_started(self) -> SpanId:
        return self.trace.next_span() if self.trace.recorded else 0

    def fetch_ended(self, fetch: FetchEnded) -> None:
        if self.trace.recorded:
            self.fetches.append(fetch)
        self._observer.fetch_ended(fetch)

    def fetches_joined(self, fetches: Sequence[FetchEnded]) -> None:
        if self.trace.recorded:
            self.fetches[:0] = fetches
            self.joined += len(fetches)
        self._observer.fetches_joined(fetches)

    def _again(self) -> None:
        self.span = self.trace.next_span()
        self.execution = self.trace.next_span()
        self.ended = 0.0
        self.executed = 0.0
        """When the execution began; 0 before."""
        self.error = ""
        self.phases: list[Phase] = []
        self.fetches: list[FetchEnded] = []
        self.joined = 0
        """How many of them, the first ones, were an equal operation's."""
