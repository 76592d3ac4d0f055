"""Numbers are read from the metrics that Prometheus is told, as numbers whatever they stand as."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from gateway.telemetry.metrics import GatewayMetrics
from infra.ops.figures import readings
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.vitals import Vital


def test_counts_and_gauges_of_a_process() -> None:
    metrics, gateway = Metrics(CollectorRegistry()), GatewayMetrics(CollectorRegistry())
    metrics.cache_requests.labels("user", "user", "hit").inc(3)
    metrics.batch_size.labels("user", "relation").observe(7)
    metrics.events_handled.labels("ai", "set_aside").inc()
    metrics.database_up.labels("user").set(1)
    gateway.plan_cache.labels("hit").inc()
    breaker = Vital("circuit_breaker_open", "", {"service": "user", "target": "redis"}, lambda: True)
    with metrics.vitals.watched(breaker):
        read = readings(metrics, gateway)
        gauges = read.gauges()
    assert read.counts() == {
        ("cache_requests_total", (("service", "user"), ("cache", "user"), ("result", "hit"))): 3,
        ("dataloader_batch_size_count", (("service", "user"), ("loader", "relation"))): 1,
        ("dataloader_batch_size_sum", (("service", "user"), ("loader", "relation"))): 7,
        ("events_handled_total", (("service", "ai"), ("outcome", "set_aside"))): 1,
        ("gateway_plan_cache_requests_total", (("result", "hit"),)): 1,
    }
    assert gauges == {
        ("circuit_breaker_open", (("service", "user"), ("target", "redis"))): 1.0,
        ("database_up", (("service", "user"),)): 1.0,
        ("gateway_subscriptions_active", ()): 0.0,
    }
    assert {type(value) for value in gauges.values()} == {float}


def test_a_process_that_measures_nothing_tells_what_stands_still() -> None:
    read = readings(Metrics(CollectorRegistry(), measuring=False))
    assert (read.counts(), read.gauges(), read.operations(), read.fetches()) == ({}, {}, {}, {})
