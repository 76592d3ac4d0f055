"""The page's data: what all processes told, put together, as the operators' own schema has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NewType

import strawberry

from infra.ops.alerts import Alert, judged
from infra.ops.ask import COLUMNS, Ask, Part, ResolverRow
from infra.ops.health import Service, services_of
from infra.ops.heat import ROWS, added
from infra.ops.merging import Told, away, merged_gauges, total_rows
from infra.ops.overview import OperationRow, Seen
from infra.ops.slow import SlowOperation, slowest_of
from infra.ops.stores import Loader, Queue, Ratio, loaders_of, queues_of, ratios_of
from infra.ops.table import merged_rows
from infra.ops.waterfall import TraceLine, Waterfall, waterfall

__all__ = ["Grid", "OpsSnapshot", "snapshot"]

Grid = NewType("Grid", object)
"""Whole numbers by column and row; a column of which nothing is known has none."""


@strawberry.type(description="Durations over time: how many in which row of which column.")
class Heat:
    """``bounds`` are the rows' upper ones in seconds; a last row has none. The last column is now's."""

    bounds: list[float]
    columns: Grid
    column_seconds: float


@strawberry.type(description="Everything that the page shows.")
class OpsSnapshot:
    """At one moment."""

    at: float
    """Seconds since 1970."""
    window_seconds: float
    history_seconds: float
    away: list[str]
    """Services that did not tell of themselves."""
    services: list[Service]
    resolver_services: list[str]
    total: int
    resolvers: list[ResolverRow]
    heat: Heat
    operations: list[OperationRow]
    slowest: SlowOperation | None
    caches: list[Ratio]
    loaders: list[Loader]
    queues: list[Queue]
    alerts: list[Alert]
    traces: list[TraceLine]
    trace: Waterfall | None


def snapshot(seen: Seen, ready: Mapping[str, str], parts: Told, ask: Ask, width: float) -> OpsSnapshot:
    """``ready``: why a service is not, empty where it is; ``ask``: what the parts were asked."""
    told = [part for replicas in parts.values() for part in replicas if part is not None]
    gauges = merged_gauges(told)
    counts = [number for part in told for number in part.counts]
    services = services_of(seen.fetches, gauges, ready)
    return OpsSnapshot(
        at=seen.at,
        window_seconds=max((part.window_seconds for part in told), default=0.0),
        history_seconds=max((part.history_seconds for part in told), default=0.0),
        away=away(parts),
        services=services,
        resolver_services=sorted({name for part in told for name in part.services}),
        total=total_rows(parts),
        resolvers=merged_rows(told, ask),
        heat=_heat(told, seen.at, width),
        operations=seen.operations,
        slowest=slowest_of(part.slowest for part in told),
        caches=ratios_of(counts),
        loaders=loaders_of(counts),
        queues=queues_of(gauges),
        alerts=judged(services, gauges, counts, sorted({name for part in told for name in part.slow})),
        traces=seen.traces,
        trace=waterfall(ask.trace, [span for part in told for span in part.spans], _name(seen, ask.trace)),
    )


def _name(seen: Seen, trace: str) -> str:
    return next((line.name for line in seen.traces if line.id == trace), "")


def _heat(parts: Sequence[Part], at: float, width: float) -> Heat:
    last = int(at // width)
    columns = [
        added([part.heat[number] for part in parts if number in part.heat])
        for number in range(last - COLUMNS + 1, last + 1)
    ]
    return Heat(bounds=list(ROWS), columns=Grid(columns), column_seconds=width)
