"""Parts of traces, with the times that a test wants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from opentelemetry.trace import SpanKind

from subgraphs.kit.telemetry.tracing import Attributes, Part, Tracer, note

__all__ = ["Statement", "ended_part"]


class Statement(NamedTuple):
    """What a part asked a server."""

    name: str
    began: float
    ended: float
    attributes: Attributes
    error: str | None = None


def ended_part(
    service: str,
    trace: int,
    began: float,
    ended: float,
    statements: Sequence[Statement] = (),
    *,
    sampled: bool = True,
    name: str = "query",
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Attributes | None = None,
    caller: int = 1,
) -> Part:
    """One that goes on from the caller's span of that id."""
    told: list[Part] = []
    parent = f"00-{trace:032x}-{caller:016x}-{sampled:02x}"
    with Tracer(service, told.append).part(name, parent, attributes or {}, kind=kind):
        for one in statements:
            note(one.name, one.began, one.attributes, kind=SpanKind.CLIENT, ended=one.ended, error=one.error)
    (part,) = told
    part.began, part.ended = began, ended
    return part
