"""How often and how long each resolver ran: counted in plain lists, told to Prometheus and ``/ops`` when they ask.

A resolver takes microseconds, and so does one observation of prometheus-client's own histogram.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Final, TypeAlias

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, Exemplar, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from subgraphs.kit.telemetry.durations import BOUNDS, Durations

__all__ = ["ResolverCell", "ResolverTimes"]

_LABELS: Final = (*map(str, BOUNDS), "+Inf")
_Bucket: TypeAlias = tuple[str, float] | tuple[str, float, Exemplar]


class ResolverCell:
    """One resolver: its calls, and how long they took by what came of them."""

    __slots__ = ("clock", "error", "executions", "failed", "ok", "operations", "settle", "succeeded", "took")

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.begin()

    def begin(self) -> None:
        """Count from nothing."""
        self.executions = 0
        self.operations = 0
        self.ok = Durations()
        self.error = Durations()
        self.took = self.ok.latest
        self.settle = self.ok.settle
        self.succeeded = self.ok.observe
        self.failed = self.error.observe


class ResolverTimes(Collector):
    """``graphql_resolver_executions_total``, ``…_operations_total`` and ``…_duration_seconds``.

    Executions ÷ operations is how often an operation that runs a resolver runs it: far above 1 is a list, or N+1.
    What never ran is not told.
    """

    def __init__(self, registry: CollectorRegistry, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self._cells: dict[tuple[str, str, str], ResolverCell] = {}
        registry.register(self)

    def cell(self, service: str, type_name: str, field: str) -> ResolverCell:
        """The resolver's cell, the same each time."""
        labels = (service, type_name, field)
        found = self._cells.get(labels)
        if found is None:
            found = self._cells[labels] = ResolverCell(self.clock)
        return found

    def adopt(self, service: str, type_name: str, field: str, cell: ResolverCell) -> None:
        """Tell of a cell that others have told of so far; it begins anew, unless it is told of here already."""
        labels = (service, type_name, field)
        if self._cells.get(labels) is not cell:
            cell.begin()
            self._cells[labels] = cell

    def cells(self) -> dict[tuple[str, str, str], ResolverCell]:
        """Those that ran, by service, type and field."""
        return {labels: cell for labels, cell in list(self._cells.items()) if cell.executions}

    def collect(self) -> Iterator[Metric]:
        """As prometheus-client asks for it."""
        names = ["service", "type", "field"]
        executions = CounterMetricFamily(
            "graphql_resolver_executions", "Executions of explicit resolvers", labels=names
        )
        operations = CounterMetricFamily(
            "graphql_resolver_operations", "Operations that executed a resolver at least once", labels=names
        )
        durations = HistogramMetricFamily(
            "graphql_resolver_duration_seconds", "Duration of explicit resolvers", labels=[*names, "outcome"]
        )
        for labels, cell in self.cells().items():
            executions.add_metric(labels, cell.executions)
            operations.add_metric(labels, cell.operations)
            for outcome, times in (("ok", cell.ok), ("error", cell.error)):
                if times.counts:
                    durations.add_metric((*labels, outcome), _buckets(times), times.total)
        yield executions
        yield operations
        yield durations


def _buckets(times: Durations) -> list[_Bucket]:
    exemplars = dict(times.exemplars)
    told: list[_Bucket] = []
    for index, count in enumerate(accumulate(times.by_bound())):
        seen = exemplars.get(index)
        if seen is None:
            told.append((_LABELS[index], count))
        else:
            told.append((_LABELS[index], count, Exemplar({"trace_id": seen.trace}, seen.seconds, seen.at)))
    return told
