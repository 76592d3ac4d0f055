"""Recent traces: a line each, and one as a waterfall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import strawberry
from opentelemetry.sdk.resources import SERVICE_NAME
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from infra.recent_traces import Recent

__all__ = [
    "SpanPart",
    "TraceLine",
    "Waterfall",
    "WaterfallSpan",
    "lines",
    "merged_lines",
    "parts_of",
    "waterfall",
]

_MOST_SPANS: Final = 300
_MOST_LINES: Final = 20
_SHOWN: Final = ("db.query.summary", "dataloader.batch.size", "gateway.fetch.representations", "error.type")
"""Attributes that are shown beside a span's name: bounded texts without anything of a person."""


class SpanPart(msgspec.Struct, frozen=True):
    """A span as processes tell it to each other; times are seconds since 1970."""

    id: int
    parent: int
    name: str
    service: str
    began: float
    ended: float
    failed: bool
    detail: str


@strawberry.type(description="A trace that was kept: sampled, failed or slow.")
class TraceLine:
    """As the gateway knows it."""

    id: str
    name: str
    at: float
    """Seconds since 1970, when it began."""
    seconds: float
    failed: bool
    spans: int


@strawberry.type(description="One span of the waterfall, below its parent.")
class WaterfallSpan:
    """In the order in which they are drawn."""

    name: str
    service: str
    detail: str
    depth: int
    began: float
    """Seconds since the trace began."""
    seconds: float
    failed: bool


@strawberry.type(description="One trace.")
class Waterfall:
    """``left_out`` spans are not shown."""

    id: str
    name: str
    at: float
    seconds: float
    spans: list[WaterfallSpan]
    left_out: int


def merged_lines(told: Iterable[TraceLine]) -> list[TraceLine]:
    """Of several gateways, slowest first; one that several had a part in is one line, called as its slowest part is."""
    found: dict[str, list[TraceLine]] = {}
    for one in sorted(told, key=lambda line: -line.seconds):
        found.setdefault(one.id, []).append(one)
    return sorted(map(_joined, found.values()), key=lambda one: -one.seconds)[:_MOST_LINES]


def _joined(parts: Sequence[TraceLine]) -> TraceLine:
    if len(parts) == 1:
        return parts[0]
    began = min(one.at for one in parts)
    return TraceLine(
        id=parts[0].id,
        name=parts[0].name,
        at=began,
        seconds=max(one.at + one.seconds for one in parts) - began,
        failed=any(one.failed for one in parts),
        spans=sum(one.spans for one in parts),
    )


def lines(traces: Iterable[Recent], most: int = _MOST_LINES) -> list[TraceLine]:
    """The latest requests, slowest first: for how long a subscription was open says nothing of how slow anything was."""
    found = []
    for trace in traces:
        parts = parts_of(trace.spans)
        requests = _without_subscriptions(parts)
        root = next(
            (one for one in requests if one.name.startswith(("POST ", "GET ", "query", "mutation"))), None
        )
        if root is None:
            continue
        began, ended = min(one.began for one in requests), max(one.ended for one in requests)
        named = _operation(trace.spans) or root.name
        failed = any(one.failed for one in parts)
        found.append(
            TraceLine(
                id=trace.trace_id,
                name=named,
                at=began,
                seconds=ended - began,
                failed=failed,
                spans=len(parts),
            )
        )
    return sorted(found, key=lambda one: -one.seconds)[:most]


def _without_subscriptions(parts: Sequence[SpanPart]) -> list[SpanPart]:
    """Without what is in one, and without the request that one was asked for with."""
    left = {one.id: one for one in parts}
    below: dict[int, list[SpanPart]] = {}
    for one in parts:
        below.setdefault(one.parent, []).append(one)
    going = [one for one in parts if one.name == "subscription"]
    for one in list(going):
        asked = left.get(one.parent)
        if asked is not None and asked.name.startswith(("POST ", "GET ")):
            del left[asked.id]
    while going:
        one = going.pop()
        if left.pop(one.id, None) is not None:
            going += below.get(one.id, ())
    return list(left.values())


def parts_of(spans: Sequence[ReadableSpan]) -> list[SpanPart]:
    """Without those that have no place in time."""
    return [_part(span) for span in list(spans) if span.context and span.start_time and span.end_time]


def waterfall(trace_id: str, parts: Sequence[SpanPart], name: str = "") -> Waterfall | None:
    """Each below its parent, by when they began; None of nothing. ``name``: the first span's where it has none."""
    if not parts:
        return None
    known = {one.id for one in parts}
    children: dict[int, list[SpanPart]] = {}
    for one in sorted(parts, key=lambda part: (part.began, -part.ended)):
        children.setdefault(one.parent if one.parent in known else 0, []).append(one)
    began, ended = min(one.began for one in parts), max(one.ended for one in parts)
    spans: list[WaterfallSpan] = []
    stack = [(one, 0) for one in reversed(children.get(0, []))]
    while stack and len(spans) < _MOST_SPANS:
        one, depth = stack.pop()
        spans.append(WaterfallSpan(
            name=one.name, service=one.service, detail=one.detail, depth=depth,
            began=one.began - began, seconds=one.ended - one.began, failed=one.failed,
        ))  # fmt: skip
        stack += [(child, depth + 1) for child in reversed(children.get(one.id, []))]
    return Waterfall(
        id=trace_id,
        name=name or spans[0].name,
        at=began,
        seconds=ended - began,
        spans=spans,
        left_out=len(parts) - len(spans),
    )


def _part(span: ReadableSpan) -> SpanPart:
    assert span.context is not None  # noqa: S101
    attributes = span.attributes or {}
    detail = ", ".join(
        f"{name.rpartition('.')[2]} {attributes[name]!s}" for name in _SHOWN if name in attributes
    )
    return SpanPart(
        id=span.context.span_id,
        parent=span.parent.span_id if span.parent else 0,
        name=span.name,
        service=str(span.resource.attributes.get(SERVICE_NAME, "")),
        began=(span.start_time or 0) / 1e9,
        ended=(span.end_time or 0) / 1e9,
        failed=span.status.status_code is StatusCode.ERROR,
        detail=detail[:200],
    )


def _operation(spans: Iterable[ReadableSpan]) -> str:
    """What the operation is called, by whoever tells its name first: the gateway's has the client's."""
    named = [span for span in list(spans) if "graphql.operation.type" in (span.attributes or {})]
    named.sort(
        key=lambda span: ("graphql.operation.name" not in (span.attributes or {}), span.start_time or 0)
    )
    attributes = (named[0].attributes or {}) if named else {}
    told = (attributes.get("graphql.operation.type", ""), attributes.get("graphql.operation.name", ""))
    return " ".join(map(str, told)).strip()
