"""Spans of one service: noted in a plain list while a request runs, told as one part when it ends.

Which traces are kept is decided when it is known how they went: all that failed or were slow, and a share of the
others. So every request has to be noted, and a span of the OpenTelemetry SDK takes 25 µs where one here takes one;
what is kept becomes SDK spans elsewhere. Where nobody listens, or outside a request, a span costs one look at a
context variable.

Names are OpenTelemetry's semantic conventions'. Documents, variables, statements' parameters and Redis' keys are
never in a span.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct
from opentelemetry.trace import SpanKind

__all__ = [
    "Part",
    "Span",
    "SpanSink",
    "TraceContext",
    "Tracer",
    "note",
    "sampled_trace_id",
    "span",
    "trace_id",
    "traceparent",
]

Attributes: TypeAlias = Mapping[str, str | int | float | bool]
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?"
)
_MOST_SPANS: Final = 1000
"""Of one part; what is more is counted."""
_NOTHING: Final[Attributes] = {}


class TraceContext(NamedTuple):
    """Where a trace goes on from (https://www.w3.org/TR/trace-context/)."""

    trace_id: int
    span_id: int
    sampled: bool

    @classmethod
    def read(cls, header: str | None) -> TraceContext | None:
        """From a ``traceparent``; None where there is none, or no valid one."""
        found = _TRACEPARENT.fullmatch(header) if header else None
        if found is None:
            return None
        return cls(int(found[1], 16), int(found[2], 16), bool(int(found[3], 16) & 1))

    def __str__(self) -> str:
        return f"00-{self.trace_id:032x}-{self.span_id:016x}-{self.sampled:02x}"


class Span(Struct, frozen=True, gc=False):
    """One thing that was done. Times are ``time.perf_counter``'s; ``Part.epoch`` makes them the clock's."""

    name: str
    kind: SpanKind
    span_id: int
    parent_id: int | None
    began: float
    ended: float
    attributes: Attributes
    error: str | None
    """The ``error.type``, which is bounded; None where it went well."""


class Part(Struct, frozen=True, gc=False):
    """What one service did for one trace. ``spans[-1]`` is the one that holds the others."""

    service: str
    trace_id: int
    sampled: bool
    """Whether the one who called keeps this trace whatever becomes of it."""
    epoch: float
    """Seconds to add to the spans' times."""
    spans: Sequence[Span]
    dropped: int
    failed: bool
    """Whether anything of it did."""

    @property
    def seconds(self) -> float:
        """How long all of it took."""
        return self.spans[-1].ended - self.spans[-1].began


SpanSink: TypeAlias = Callable[[Part], None]
"""Told of every part, kept or not: it has to be quick, and must not raise."""


class _Recording:
    """A part under way."""

    __slots__ = ("context", "dropped", "failed", "open", "spans")

    def __init__(self, context: TraceContext) -> None:
        self.context = context
        self.spans: list[Span] = []
        self.dropped = 0
        self.failed = False
        self.open = True

    def add(self, span: Span) -> None:
        """What a task left behind does after the answer is not told any more."""
        if span.error is not None:
            self.failed = True
        if self.open and len(self.spans) < _MOST_SPANS:
            self.spans.append(span)
        else:
            self.dropped += 1


_here: ContextVar[tuple[_Recording, int] | None] = ContextVar("span", default=None)


def trace_id() -> str | None:
    """The trace being recorded here, as 32 hexadecimal digits."""
    here = _here.get()
    return None if here is None else f"{here[0].context.trace_id:032x}"


def sampled_trace_id() -> str | None:
    """The same, where it was chosen beforehand to be kept."""
    here = _here.get()
    return f"{here[0].context.trace_id:032x}" if here is not None and here[0].context.sampled else None


def traceparent() -> str | None:
    """How others continue from here."""
    here = _here.get()
    if here is None:
        return None
    context = here[0].context
    return str(TraceContext(context.trace_id, here[1], context.sampled))


def note(
    name: str,
    began: float,
    attributes: Attributes,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    ended: float | None = None,
    error: str | None = None,
) -> None:
    """Something that held nothing else and is over: a statement, a command."""
    here = _here.get()
    if here is not None:
        until = time.perf_counter() if ended is None else ended
        here[0].add(Span(name, kind, random.getrandbits(64), here[1], began, until, attributes, error))


class span:  # noqa: N801 - read as the word it is: ``with span("load user"):``
    """Something that others happen within. Its name and attributes may be changed until it ends."""

    __slots__ = ("_began", "_id", "_parent", "_recording", "_token", "attributes", "error", "kind", "name")

    def __init__(
        self, name: str, attributes: Attributes = _NOTHING, *, kind: SpanKind = SpanKind.INTERNAL
    ) -> None:
        self.name = name
        self.attributes = attributes
        self.kind = kind
        self.error: str | None = None
        self._recording: _Recording | None = None
        self._parent: int | None = None

    def __enter__(self) -> span:
        if self._recording is None:
            here = _here.get()
            if here is None:
                return self
            self._recording, self._parent = here
        self._id = random.getrandbits(64)
        self._token: Token[tuple[_Recording, int] | None] = _here.set((self._recording, self._id))
        self._began = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        recording = self._recording
        if recording is None:
            return
        _here.reset(self._token)
        if isinstance(error, Exception) and self.error is None:
            self.error = type(error).__qualname__
        ended = time.perf_counter()
        recording.add(
            Span(
                self.name, self.kind, self._id, self._parent, self._began, ended, self.attributes, self.error
            )
        )

    @property
    def recording(self) -> bool:
        """Whether anyone will hear of it: asked before attributes are made that cost something."""
        return self._recording is not None or _here.get() is not None


class _PartSpan(span):
    """The span a part consists of."""

    __slots__ = ("_service", "_tell")

    def __init__(
        self,
        service: str,
        tell: SpanSink,
        context: TraceContext | None,
        name: str,
        attributes: Attributes,
        kind: SpanKind,
    ) -> None:
        super().__init__(name, attributes, kind=kind)
        self._service = service
        self._tell = tell
        self._parent = None if context is None else context.span_id
        self._recording = _Recording(context or TraceContext(random.getrandbits(128), 0, False))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        recording = self._recording
        assert recording is not None  # noqa: S101 - made above
        full = len(recording.spans) >= _MOST_SPANS
        if full:  # the one that holds the others is never the one that is dropped
            recording.spans.pop()
            recording.dropped += 1
        super().__exit__(kind, error, trace)
        recording.open = False
        context = recording.context
        epoch = time.time() - time.perf_counter()
        self._tell(
            Part(
                self._service,
                context.trace_id,
                context.sampled,
                epoch,
                recording.spans,
                recording.dropped,
                recording.failed,
            )
        )


class Tracer:
    """One service's. Where nobody listens (``tell`` is None), nothing is noted."""

    def __init__(self, service: str, tell: SpanSink | None = None) -> None:
        self.service = service
        self._tell = tell

    def part(
        self,
        name: str,
        parent: str | None,
        attributes: Attributes = _NOTHING,
        *,
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> span:
        """A span within the one that is open here; where there is none, a part of the trace that ``parent`` (a
        ``traceparent``) names, or of a new one. It is told when the span ends."""
        if self._tell is None or _here.get() is not None:
            return span(name, attributes, kind=kind)
        return _PartSpan(self.service, self._tell, TraceContext.read(parent), name, attributes, kind)
