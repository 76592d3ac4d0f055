"""What a service did for one trace in a line of the log, where everything is told (level DEBUG)."""

from __future__ import annotations

from subgraphs.kit.telemetry.tracing import Part, Span

__all__ = ["in_words"]

_MOST = 50
"""Spans of a line."""


def in_words(part: Part) -> str:
    """Names and times, as traces have them: never a value."""
    *inside, whole = part.spans
    told = [_span(one) for one in inside[:_MOST]]
    if (more := len(inside) - _MOST) > 0:
        told.append(f"{more} more")
    return f"{part.service} {_span(whole)}, trace {part.trace_id:032x}: {', '.join(told) or 'nothing within'}"


def _span(span: Span) -> str:
    failed = f" {span.error}" if span.error else ""
    return f"{span.name} {1000 * (span.ended - span.began):.1f} ms{failed}"
