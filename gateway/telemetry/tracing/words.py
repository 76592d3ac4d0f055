"""An operation in a line of the log, where everything is told (level DEBUG)."""

from __future__ import annotations

from gateway.telemetry.fetches import FetchEnded
from gateway.telemetry.tracing.record import OperationTrace

__all__ = ["in_words"]

_MOST, _LONGEST = 50, 100
"""Fetches of a line, and characters of an operation's name."""


def in_words(record: OperationTrace) -> str:
    """What it was, how it ended, and what was fetched for it: names and times, never a value."""
    name = f" {record.name[:_LONGEST]}" if record.name else ""
    ended = f"{1000 * (record.ended - record.began):.1f} ms {record.error or 'ok'}"
    fetches = [_fetch(one) for one in record.fetches[:_MOST]]
    if (more := len(record.fetches) - _MOST) > 0:
        fetches.append(f"{more} more")
    return f"{record.kind}{name} {ended}, trace {record.trace.trace_id}: {', '.join(fetches) or 'no fetch'}"


def _fetch(fetch: FetchEnded) -> str:
    entities = f" of {fetch.representations} entities" if fetch.representations else ""
    return f"{fetch.subgraph} {1000 * fetch.seconds:.1f} ms {fetch.outcome}{entities}"
