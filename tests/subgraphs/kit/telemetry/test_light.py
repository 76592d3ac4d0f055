"""Light metrics say to Prometheus what its own would."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from subgraphs.kit.telemetry.light import LightCounter, LightHistogram

_BOUNDS = (0.5, 1, 2.5)


def _told(registry: CollectorRegistry) -> list[str]:
    return [line for line in generate_latest(registry).decode().splitlines() if "_created" not in line]


def test_observations_are_told_as_prometheus_own_histogram_tells_them() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    light = LightHistogram("size", "Sizes", ["loader"], _BOUNDS, ours)
    usual = Histogram("size", "Sizes", ["loader"], buckets=_BOUNDS, registry=theirs)
    for loader, value in [("a", 0.1), ("a", 0.5), ("a", 0.50001), ("a", 9.0), ("b", 2.5)]:
        light.labels(loader).observe(value)
        usual.labels(loader).observe(value)
    light.labels("asked for, and never observed")
    assert _told(ours) == _told(theirs)


def test_counts_are_told_as_prometheus_own_counter_tells_them() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    light = LightCounter("asked_total", "Asked", ["cache", "result"], ours)
    usual = Counter("asked_total", "Asked", ["cache", "result"], registry=theirs)
    for result, many in [("hit", 1), ("hit", 20), ("miss", 0)]:
        light.labels("post", result).inc(many)
        usual.labels("post", result).inc(many)
    assert _told(ours) == _told(theirs)


def test_a_name_is_taken_once() -> None:
    registry = CollectorRegistry()
    LightCounter("asked_total", "Asked", ["result"], registry)
    with pytest.raises(ValueError, match="asked"):
        Counter("asked_total", "Asked", ["result"], registry=registry)
