"""The other numbers that the page shows, read from the metrics that Prometheus is told, few and by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from gateway.telemetry.metrics import GatewayMetrics
from infra.ops.growth import Cell, Key
from infra.ops.operation_times import OperationTimes
from infra.ops.recorder import Readings, Sample
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["readings"]

_COUNTS: Final = frozenset(
    {
        "cache_requests_total",
        "dataloader_batch_size_sum",
        "dataloader_batch_size_count",
        "events_handled_total",
        "job_failures_total",
        "live_messages_dropped_total",
        "gateway_plan_cache_requests_total",
    }
)


def readings(
    metrics: Metrics | None, gateway: GatewayMetrics | None = None, operations: OperationTimes | None = None
) -> Readings:
    """Of a process with subgraphs, a gateway, or both."""
    growing: list[Collector] = []
    standing: list[Collector] = []
    if metrics is not None:
        standing += [metrics.vitals, metrics.database_up, metrics.cache_up, metrics.outbox_pending]
        growing += [metrics.events_handled, metrics.job_failures, metrics.messages_dropped]
        if metrics.measuring:
            growing += [metrics.cache_requests, metrics.batch_size]
    if gateway is not None:
        standing.append(gateway.subscriptions)
        growing.append(gateway.plan_cache.metric)
    return Readings(
        resolvers=metrics.resolvers.cells if metrics is not None else _none,
        operations=operations.operations if operations is not None else _none,
        fetches=operations.fetches if operations is not None else _none,
        counts=lambda: dict(_samples(growing, _COUNTS)),
        gauges=lambda: dict(_samples(standing)),
    )


def _none() -> dict[Key, Cell]:
    return {}


def _samples(
    collectors: Iterable[Collector], names: frozenset[str] | None = None
) -> Iterator[tuple[Sample, float]]:
    for collector in collectors:
        metric: Metric
        for metric in collector.collect():
            for sample in metric.samples:
                if names is None or sample.name in names:
                    yield (sample.name, tuple(sample.labels.items())), float(sample.value)
