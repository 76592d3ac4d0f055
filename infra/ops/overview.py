"""What gateways alone know: operations, fetches and traces; of them is chosen what the rest of the page is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import strawberry

from infra.ops.ask import Ask, ResolverRow, RowPart
from infra.ops.part import window_of
from infra.ops.recorder import Recorder
from infra.ops.table import row_parts, summed, totals
from infra.ops.waterfall import TraceLine, lines, merged_lines
from infra.recent_traces import RecentTraces

__all__ = ["OperationRow", "Overview", "Seen", "chosen", "overview_of", "together"]

_MOST_OPERATIONS = 15
"""The slowest, and as many of the others, the most asked: slow operations of fresh names, which anybody can send, hide none
that people use."""


@strawberry.type(description="An operation's last minute.")
class OperationRow:
    """Times in seconds, within 5 %."""

    key: str
    name: str
    kind: str
    rate: float
    errors: float
    p50: float | None
    p95: float | None
    p99: float | None


class Overview(msgspec.Struct, frozen=True):
    """One gateway's."""

    process: str
    """Whose: a gateway that finds itself by one of its own addresses knows it by that."""
    at: float
    """Seconds since 1970."""
    window_seconds: float
    operations: list[RowPart]
    fetches: list[RowPart]
    traces: list[TraceLine]


class Seen(NamedTuple):
    """What all gateways saw, as if they were one."""

    at: float
    operations: list[OperationRow]
    """The slowest first."""
    fetches: Mapping[str, ResolverRow]
    """By subgraph."""
    traces: list[TraceLine]
    """The slowest first."""


def overview_of(process: str, recorder: Recorder, recent: RecentTraces) -> Overview:
    """This process's. Takes milliseconds: for a thread."""
    frames = recorder.frames()
    window = window_of(frames, recorder.rules.window)
    return Overview(
        process=process,
        at=frames[-1].at if frames else recorder.now(),
        window_seconds=sum(frame.seconds for frame in window) or 1.0,
        operations=row_parts(totals(frame.operations for frame in window)),
        fetches=row_parts(totals(frame.fetches for frame in window)),
        traces=lines(recent.latest()),
    )


def together(gateways: Sequence[Overview]) -> Seen:
    """At least one."""
    fetches = summed((one.fetches, one.window_seconds) for one in gateways)
    operations = summed((one.operations, one.window_seconds) for one in gateways)
    ordered = sorted(operations, key=_slowness)
    slowest, others = ordered[:_MOST_OPERATIONS], ordered[_MOST_OPERATIONS:]
    asked = sorted(others, key=lambda row: -row.rate)[:_MOST_OPERATIONS]
    return Seen(
        at=max(one.at for one in gateways),
        operations=[_operation(row) for row in [*slowest, *sorted(asked, key=_slowness)]],
        fetches={row.type_name: row for row in fetches},
        traces=merged_lines(line for one in gateways for line in one.traces),
    )


def chosen(ask: Ask, seen: Seen) -> Ask:
    """With the slowest operation and the slowest trace, where nobody asked for another."""
    operation = seen.operations[0].key if seen.operations else ""
    trace = seen.traces[0].id if seen.traces else ""
    return msgspec.structs.replace(ask, operation=ask.operation or operation, trace=ask.trace or trace)


def _slowness(row: ResolverRow) -> float:
    return -(row.p95 or 0.0)


def _operation(row: ResolverRow) -> OperationRow:
    return OperationRow(
        key=f"{row.type_name} {row.field}",
        name=row.field,
        kind=row.type_name,
        rate=row.rate,
        errors=row.errors,
        p50=row.p50,
        p95=row.p95,
        p99=row.p99,
    )
