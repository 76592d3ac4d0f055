"""Spans of one service: noted in a plain list while a request runs, told as one part when it ends.

Which traces are kept is decided when it is known how they went: all that failed or were slow, and a share of the
others. So every request has to be noted, and a span of the OpenTelemetry SDK takes 25 µs where one here takes less than
one: a tuple, without an id, which is made of its number where somebody asks for it. Where nobody listens, or outside a
request, a span costs one look at a context variable.

Names are OpenTelemetry's semantic conventions'. Documents, variables, statements' parameters and Redis' keys are
never in a span.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from itertools import count
from types import TracebackType
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct
from opentelemetry.trace import SpanKind

__all__ = [
    "Attributes",
    "Opened",
    "Part",
    "Span",
    "SpanSink",
    "TraceContext",
    "Tracer",
    "closed",
    "error_type",
    "note",
    "opened",
    "sampled_trace_id",
    "span",
    "trace_id",
    "traceparent",
]

Attributes: TypeAlias = Mapping[str, str | int | float | bool]
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_LATER_TRACEPARENT = re.compile(r"(?!00|ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")
_SAMPLED: Final = "13579bdf"
"""The last digits of flags whose lowest bit is set."""
_LENGTH: Final = 55
"""Of a header of version 00, which ends with the flags."""
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
        if not header:
            return None
        found = _TRACEPARENT.fullmatch(header) or _LATER_TRACEPARENT.fullmatch(header)
        if found is None:
            return None
        trace, span, flags = found.groups()
        trace_id, span_id = int(trace, 16), int(span, 16)
        return cls(trace_id, span_id, flags[1] in _SAMPLED) if trace_id and span_id else None

    def __str__(self) -> str:
        return f"00-{self.trace_id:032x}-{self.span_id:016x}-{self.sampled:02x}"


class Span(Struct, frozen=True, gc=False):
    """One thing that was done. Times are ``time.perf_counter``'s."""

    name: str
    kind: SpanKind
    span_id: int
    parent_id: int | None
    began: float
    ended: float
    attributes: Attributes
    error: str | None
    """The ``error.type``, which is bounded; None where it went well."""


_Note: TypeAlias = tuple[str, SpanKind, int, int, float, float, Attributes | int, str | None]
"""A span that is over: name, kind, number in its part (0: nothing is within it), the number of the one it is in, when it
began and ended, attributes, error. A number in the attributes' place is that of the keys that the loader of the name
loaded: what only a trace that is kept needs is made there."""
_now, _drawn = time.perf_counter, random.getrandbits
_WHOLE: Final = 1
"""The number of the span that holds the others."""
_here: ContextVar[tuple[Part, int] | None] = ContextVar("span", default=None)


def trace_id() -> str | None:
    """The trace being recorded here, as 32 hexadecimal digits."""
    here = _here.get()
    return None if here is None else f"{here[0].trace_id:032x}"


def sampled_trace_id() -> str | None:
    """The same, where it was chosen beforehand to be kept."""
    here = _here.get()
    return f"{here[0].trace_id:032x}" if here is not None and here[0].sampled else None


def traceparent() -> str | None:
    """How others continue from here."""
    here = _here.get()
    if here is None:
        return None
    part, number = here
    return str(TraceContext(part.trace_id, part.span_id(number), part.sampled))


def note(
    name: str,
    began: float,
    attributes: Attributes,
    kind: SpanKind = SpanKind.INTERNAL,
    ended: float | None = None,
    error: str | None = None,
) -> None:
    """Something that held nothing else and is over: a statement, a command."""
    here = _here.get()
    if here is None:
        return
    part, above = here
    if error is not None:
        part.failed = True
    if part.room:
        part.room -= 1
        part.notes.append(
            (name, kind, 0, above, began, _now() if ended is None else ended, attributes, error)
        )
    else:
        part.dropped += 1


Opened: TypeAlias = "tuple[Part, int, int, Token[tuple[Part, int] | None], float]"
"""A span that is not over: its part, the number of the span it is in, its own, what ends its being here, when it began."""


def opened() -> Opened | None:
    """Something begins that others happen within, until ``closed``, which has to come; None where nobody listens.

    What ``span`` does at a third of the cost, for what happens a dozen times a request.
    """
    here = _here.get()
    if here is None:
        return None
    part, above = here
    part.used = number = part.used + 1
    return part, above, number, _here.set((part, number)), _now()


def closed(
    within: Opened,
    name: str,
    attributes: Attributes | int,
    kind: SpanKind = SpanKind.INTERNAL,
    error: str | None = None,
) -> None:
    """What was ``opened`` is over. Of a batch of the loader ``name`` the ``attributes`` are how many keys it had."""
    part, above, number, token, began = within
    ended = _now()
    _here.reset(token)
    if error is not None:
        part.failed = True
    if part.room:
        part.room -= 1
        part.notes.append((name, kind, number, above, began, ended, attributes, error))
    else:
        part.dropped += 1


def error_type(error: BaseException | None) -> str | None:
    """The ``error.type`` of what was raised; being cancelled is none."""
    return type(error).__qualname__ if isinstance(error, Exception) else None


class span:  # noqa: N801 - read as the word it is: ``with span("load user"):``
    """Something that others happen within. Its name and attributes may be changed until it ends."""

    __slots__ = ("_within", "attributes", "error", "kind", "name", "recording")

    def __init__(
        self, name: str, attributes: Attributes = _NOTHING, kind: SpanKind = SpanKind.INTERNAL
    ) -> None:
        self.name = name
        self.attributes = attributes
        self.kind = kind
        self.error: str | None = None
        self.recording = False
        """Whether anyone will hear of it: asked, within, before attributes are made that cost something."""

    def __enter__(self) -> span:
        self._within = opened()
        self.recording = self._within is not None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if (within := self._within) is None:
            return
        del self._within  # it holds the context, and so what others noted there
        closed(within, self.name, self.attributes, self.kind, self.error or error_type(error))


class Part(span):
    """What one service does for one trace: the span that holds the others. Who notes a span does so in ``notes``, without
    a call: there are dozens a request."""

    __slots__ = (
        "_base",
        "_context",
        "_tell",
        "_token",
        "began",
        "dropped",
        "ended",
        "failed",
        "header",
        "notes",
        "room",
        "sampled",
        "service",
        "used",
    )
    _base: int
    _context: TraceContext

    def __init__(
        self,
        service: str,
        tell: SpanSink,
        header: str | None,
        name: str,
        attributes: Attributes,
        kind: SpanKind,
    ) -> None:
        self.name = name
        self.attributes = attributes
        self.kind = kind
        self.error = None
        self.recording = True
        self.service = service
        self.header = header
        """The ``traceparent`` of who called; what it says is read where the part is kept."""
        self.sampled = (
            header is not None
            # nearly none is, and to read all of it costs as much as the rest of a part
            and (header[-1:] in _SAMPLED or len(header) != _LENGTH)
            and _is_sampled(header)
        )
        """Whether the one who called keeps this trace whatever becomes of it."""
        self.failed = False
        """Whether anything of it did."""
        self.notes: list[_Note] = []
        self.used = _WHOLE
        """The last number given to a span."""
        self.room = _MOST_SPANS - 1
        """For how many more. None is left when it ends: what a task does after the answer is not told any more."""
        self.dropped = 0
        self._tell = tell

    def __enter__(self) -> span:
        self._token = _here.set((self, _WHOLE))
        self.began = _now()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended = _now()
        _here.reset(self._token)
        del self._token  # it holds the context, and so what others noted there
        if error is not None and self.error is None:
            self.error = error_type(error)
        if self.error is not None:
            self.failed = True
        self.room = 0
        self._tell(self)

    @property
    def seconds(self) -> float:
        """How long all of it took."""
        return self.ended - self.began

    @property
    def trace_id(self) -> int:
        """The caller's trace, or one of its own."""
        return self._goes_on_from.trace_id

    @property
    def spans(self) -> list[Span]:
        """All of it, in the order it ended: the last one holds the others."""
        numbers = count(self.used + 1)
        inside = []
        for name, kind, number, above, began, ended, given, error in self.notes:
            told, attributes = (name, given) if not isinstance(given, int) else _batch(name, given)
            own, parent = self.span_id(number or next(numbers)), self.span_id(above)
            inside.append(Span(told, kind, own, parent, began, ended, attributes, error))
        caller = self._goes_on_from.span_id or None
        whole = self.span_id(_WHOLE)
        return [
            *inside,
            Span(self.name, self.kind, whole, caller, self.began, self.ended, self.attributes, self.error),
        ]

    def span_id(self, number: int) -> int:
        """The same each time, and no other part's."""
        try:
            return self._base + number
        except AttributeError:  # the first that is asked for
            self._base = _drawn(63)  # a number more has 64 bits at most
            return self._base + number

    @property
    def _goes_on_from(self) -> TraceContext:
        try:
            return self._context
        except AttributeError:
            self._context = TraceContext.read(self.header) or TraceContext(_drawn(128), 0, False)
            return self._context


SpanSink: TypeAlias = Callable[[Part], None]
"""Told of every part, kept or not: it has to be quick, and must not raise."""


def _batch(loader: str, keys: int) -> tuple[str, Attributes]:
    """The name and attributes of a batch's span."""
    return f"load {loader}", {"dataloader.name": loader, "dataloader.batch.size": keys}


def _is_sampled(header: str) -> bool:
    """As TraceContext reads it."""
    context = TraceContext.read(header)
    return context is not None and context.sampled


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
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> span:
        """A span within the one that is open here; where there is none, a part of the trace that ``parent`` (a
        ``traceparent``) names, or of a new one. It is told when the span ends."""
        if self._tell is None or _here.get() is not None:
            return span(name, attributes, kind)
        return Part(self.service, self._tell, parent, name, attributes, kind)
