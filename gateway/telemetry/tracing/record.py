"""What a request leaves behind while it runs: plain values, of which spans are made only where the trace is kept.

Most requests are not kept, and whether one is turns out at its end. So nothing of the SDK is touched on the way: a
request has one number drawn for all its spans' ids, a fetch costs the next number, the line of a header and an append.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import TypeAlias

from gateway.telemetry.federated import FederatedFetch
from gateway.telemetry.fetches import FetchEnded, Peer, SpanId
from gateway.telemetry.tracing.context import TraceContext

__all__ = ["FederatedOperation", "OperationTrace", "Phase", "Trace"]

_HEADER = "traceparent"
_COUNTED = 32
"""The lowest bits of a span's id, which count a request's spans; those above are the request's own."""


Phase: TypeAlias = tuple[str, float, float]
"""A step of an operation: its name, and when it began and ended (``time.perf_counter``)."""


class Trace:
    """One request's part in a trace. With ``recorded`` false it only passes on what came."""

    __slots__ = (
        "_head",
        "_tail",
        "began",
        "context",
        "kept",
        "next_span",
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
        # Who records nothing passes on whose request it is.
        own = recorded or not context.parent
        self.span: SpanId = _drawn() if own else context.parent
        self.next_span: Callable[[], SpanId] = count(self.span + 1).__next__
        """An id that no other span of this trace has."""
        self._head = f"00-{context.trace_id}-"
        self._tail = "-01" if sampled else "-00"

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits."""
        return self.context.trace_id

    @property
    def request(self) -> str:
        """What the headers of this request's spans have in common: others may be under way in the same trace."""
        return f"{self.context.trace_id}-{self.span >> _COUNTED:08x}"

    def headers(self, span: SpanId = 0) -> dict[str, str]:
        """What a subgraph is told: the span that calls it, this request's where that has none of its own."""
        told = {_HEADER: f"{self._head}{span or self.span:016x}{self._tail}"}
        if self.context.state:
            told["tracestate"] = self.context.state
        return told


class OperationTrace:
    """The record of one GraphQL operation, or of one event of a subscription: a FetchObserver that keeps what it is told."""

    __slots__ = (
        "began", "document", "ended", "error", "executed", "execution", "fetch_ended", "fetch_started", "fetches",
        "joined", "kind", "name", "peers", "phases", "span", "trace",
    )  # fmt: skip

    asked: bool = False
    federated: list[FederatedFetch] | None = None

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.fetch_started: Callable[[], SpanId] = trace.next_span if trace.recorded else _no_span
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

    def fetches_joined(self, fetches: Sequence[FetchEnded]) -> None:
        self.fetches[:0] = fetches
        self.joined += len(fetches)

    @property
    def own_fetches(self) -> Sequence[FetchEnded]:
        """Those that no equal operation made."""
        return self.fetches[self.joined :] if self.joined else self.fetches

    def _again(self) -> None:
        self.span = self.trace.next_span()
        self.execution = self.trace.next_span()
        self.ended = 0.0
        self.executed = 0.0
        """When the execution began; 0 before."""
        self.error = ""
        self.phases: list[Phase] = []
        self.fetches: list[FetchEnded] = []
        self.fetch_ended: Callable[[FetchEnded], None] = self.fetches.append
        self.joined = 0
        """How many of them, the first ones, were an equal operation's."""


class FederatedOperation(OperationTrace):
    """The record of one whose subgraphs are asked what each field took; ``asked``: its client wants to know."""

    __slots__ = ("asked", "federated")

    def __init__(self, trace: Trace, *, asked: bool) -> None:
        super().__init__(trace)
        self.asked = asked
        self.federated = []


def _drawn() -> SpanId:
    """Half of what is counted is left for the spans to come, so that none of them changes the bits above."""
    return random.getrandbits(63) & ~(1 << _COUNTED - 1) or 1


def _no_span() -> SpanId:
    """Nobody makes one of it."""
    return 0
