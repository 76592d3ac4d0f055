"""The page's data: what all processes told, put together, as the operators' own schema has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NewType

import strawberry

from infra.ops.alerts import Alert, judged
from infra.ops.ask import COLUMNS, Ask, Part, ResolverRow
from infra.ops.growth import Key, Total
from infra.ops.health import Service, services_of
from infra.ops.heat import ROWS, added
from infra.ops.operation_times import OperationTimes
from infra.ops.plan_graph import PlanStep, plan_graph
from infra.ops.stores import Loader, Queue, Ratio, loaders_of, queues_of, ratios_of
from infra.ops.table import merged_rows
from infra.ops.waterfall import TraceLine, Waterfall, waterfall

__all__ = ["Gateway", "Grid", "OpsSnapshot", "snapshot"]

_MOST_OPERATIONS = 15

Grid = NewType("Grid", object)
"""Whole numbers by column and row; a column of which nothing is known has none."""


@strawberry.type(description="Durations over time: how many in which row of which column.")
class Heat:
    """``bounds`` are the rows' upper ones in seconds; a last row has none. The last column is now's."""

    bounds: list[float]
    columns: Grid
    column_seconds: float


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


@strawberry.type(description="The slowest execution of an operation in the last minutes, on its plan.")
class SlowOperation:
    """Times of steps count from its beginning."""

    key: str
    name: str
    seconds: float
    at: float
    failed: bool
    trace_id: str
    steps: list[PlanStep]


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


class Gateway:
    """What the gateway alone knows, of one moment."""

    def __init__(
        self,
        at: float,
        operations: Mapping[Key, Total],
        fetches: Mapping[Key, Total],
        times: OperationTimes,
        traces: Sequence[TraceLine],
        ready: Mapping[str, str],
    ) -> None:
        """``ready``: why a service is not, empty where it is."""
        self.at = at
        self.operations = operations
        self.fetches = fetches
        self.times = times
        self.traces = traces
        self.ready = ready


def snapshot(
    gateway: Gateway, parts: Mapping[str, Part | None], ask: Ask, operation: str, width: float
) -> OpsSnapshot:
    """``parts`` by process; None of one that did not answer. ``operation``: whose plan is wanted, by its key."""
    told = [part for part in parts.values() if part is not None]
    gauges = [number for part in told for number in part.gauges]
    counts = [number for part in told for number in part.counts]
    window = max((part.window_seconds for part in told), default=0.0)
    operations = _operations(gateway.operations, window)
    services = services_of(gateway.fetches, gauges, gateway.ready, window)
    spans = [span for part in told for span in part.spans]
    rows = merged_rows((part.rows for part in told), ask)
    return OpsSnapshot(
        at=gateway.at,
        window_seconds=window,
        history_seconds=max((part.history_seconds for part in told), default=0.0),
        away=sorted(name for name, part in parts.items() if part is None),
        services=services,
        resolver_services=sorted({name for part in told for name in part.services}),
        total=sum(part.total for part in told),
        resolvers=rows,
        heat=_heat(told, gateway.at, width),
        operations=operations,
        slowest=_slowest(gateway, operations, operation),
        caches=ratios_of(counts),
        loaders=loaders_of(counts),
        queues=queues_of(gauges),
        alerts=judged(services, gauges, counts, [name for part in told for name in part.slow]),
        traces=list(gateway.traces),
        trace=waterfall(ask.trace, spans),
    )


def _heat(parts: Sequence[Part], at: float, width: float) -> Heat:
    last = int(at // width)
    columns = [
        added([part.heat[number] for part in parts if number in part.heat])
        for number in range(last - COLUMNS + 1, last + 1)
    ]
    return Heat(bounds=list(ROWS), columns=Grid(columns), column_seconds=width)


def _operations(found: Mapping[Key, Total], window: float) -> list[OperationRow]:
    rows = [
        OperationRow(
            key=" ".join(key[1:]),
            name=key[2],
            kind=key[1],
            rate=total.executions / (window or 1.0),
            errors=total.errors / (total.ended() or 1),
            p50=total.quantile(0.5),
            p95=total.quantile(0.95),
            p99=total.quantile(0.99),
        )
        for key, total in found.items()
    ]
    return sorted(rows, key=lambda row: -(row.p95 or 0.0))[:_MOST_OPERATIONS]


def _slowest(gateway: Gateway, rows: Sequence[OperationRow], wanted: str) -> SlowOperation | None:
    key = wanted or (rows[0].key if rows else "")
    kind, _, name = key.partition(" ")
    found = gateway.times.slowest(("operation", kind, name))
    if found is None:
        return None
    steps = plan_graph(found.plan, found.fetches, found.began)
    return SlowOperation(
        key=key,
        name=name,
        seconds=found.seconds,
        at=found.at,
        failed=found.failed,
        trace_id=found.trace_id,
        steps=steps,
    )
