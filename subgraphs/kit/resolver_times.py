"""How often and how long each resolver ran: counted in plain lists, told to Prometheus when it asks.

A resolver takes microseconds, and so does one observation of prometheus-client's own histogram.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

__all__ = ["Durations", "ResolverCell", "ResolverTimes"]

_BOUNDS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
_LABELS: Final = (*map(str, _BOUNDS), "+Inf")


class Durations:
    """Seconds by bucket, and their sum. Observed on one thread, the event loop's; read on any."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * len(_LABELS)
        self.total = 0.0

    def observe(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(_BOUNDS, seconds)] += 1
        self.total += seconds


class ResolverCell:
    """One resolver: its calls, and how long they took by what came of them."""

    __slots__ = ("error", "executions", "ok")

    def __init__(self) -> None:
        self.executions = 0
        self.ok = Durations()
        self.error = Durations()


class ResolverTimes(Collector):
    """``graphql_resolver_executions_total`` and ``graphql_resolver_duration_seconds``; what never ran is not told."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._cells: dict[tuple[str, str, str], ResolverCell] = {}
        registry.register(self)

    def cell(self, service: str, type_name: str, field: str) -> ResolverCell:
        """The resolver's cell, the same each time."""
        return self._cells.setdefault((service, type_name, field), ResolverCell())

    def collect(self) -> Iterator[Metric]:
        """As prometheus-client asks for it."""
        executions = CounterMetricFamily(
            "graphql_resolver_executions",
            "Executions of explicit resolvers",
            labels=["service", "type", "field"],
        )
        durations = HistogramMetricFamily(
            "graphql_resolver_duration_seconds",
            "Duration of explicit resolvers",
            labels=["service", "type", "field", "outcome"],
        )
        for labels, cell in list(self._cells.items()):
            if cell.executions:
                executions.add_metric(labels, cell.executions)
            for outcome, times in (("ok", cell.ok), ("error", cell.error)):
                counts = list(accumulate(times.counts))
                if counts[-1]:
                    buckets = list(zip(_LABELS, counts, strict=True))
                    durations.add_metric((*labels, outcome), buckets, times.total)
        yield executions
        yield durations
