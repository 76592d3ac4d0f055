"""Histograms say to Prometheus what its own would."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Histogram, generate_latest

from gateway.telemetry.histograms import LightHistogram

_BOUNDS = (0.5, 1, 2.5)


def test_observations_are_told_as_prometheus_own_histogram_tells_them() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    light = LightHistogram("fetch_seconds", "Duration of fetches", ["subgraph"], _BOUNDS, ours)
    usual = Histogram("fetch_seconds", "Duration of fetches", ["subgraph"], buckets=_BOUNDS, registry=theirs)
    for subgraph, value in [("a", 0.1), ("a", 0.5), ("a", 0.50001), ("a", 9.0), ("b", 2.5)]:
        light.labels(subgraph).observe(value)
        usual.labels(subgraph).observe(value)
    told = [line for line in generate_latest(theirs).decode().splitlines() if "_created" not in line]
    assert generate_latest(ours).decode().splitlines() == told


def test_a_series_is_found_again_by_its_labels() -> None:
    histogram = LightHistogram("size", "Size", ["a", "b"], _BOUNDS, CollectorRegistry())
    assert histogram.labels("1", "2") is histogram.labels("1", "2")
    assert histogram.labels("1", "2") is not histogram.labels("2", "1")
