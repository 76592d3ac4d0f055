"""What is told of metrics is what prometheus-client's own encoders tell."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics import exposition as reference
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from gateway.telemetry.exposition import encode, exposing, wants_openmetrics
from gateway.telemetry.histograms import LightHistogram


def _registry(*values: str) -> CollectorRegistry:
    registry = CollectorRegistry()
    counter = Counter("asked_total", 'How "often"\nit was\\asked', ["who"], registry=registry)
    gauge = Gauge("open", "", ["who"], registry=registry)
    slow = Histogram("slow_seconds", "How long", ["who"], buckets=(0.1, 1), registry=registry)
    light = LightHistogram("light_seconds", "How long", ["who"], (0.1, 1), registry)
    Info("build", "What", registry=registry).info({"version": "1"})
    for number, value in enumerate(values):
        counter.labels(value).inc(number, {"trace_id": "00ff"})
        gauge.labels(value).set([float("inf"), float("-inf"), 1e-9, 1e21, 0.5][number % 5])
        slow.labels(value).observe(number / 10)
        light.labels(value).observe(number / 10, "00ff" if number % 2 else "")
    return registry


def _parsed(parse: Any, told: str) -> list[object]:
    """Without what says when a series was made."""
    return [
        (f.name, f.documentation, f.type, sorted(filter(None, map(_plain, f.samples)), key=repr))
        for f in parse(told)
        if not f.name.endswith("_created")
    ]


def _plain(sample: Sample) -> tuple[object, ...] | None:
    if sample.name.endswith("_created"):
        return None
    return (sample.name, sorted(sample.labels.items()), sample.value, sample.exemplar)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), unique=True, max_size=6))
def test_both_formats_say_what_the_reference_says(values: list[str]) -> None:
    registry = _registry(*values)
    text, _ = encode(registry)
    assert _parsed(parse_text, text.decode()) == _parsed(parse_text, generate_latest(registry).decode())
    rich, _ = encode(registry, openmetrics=True)
    told = reference.generate_latest(registry).decode()  # type: ignore[no-untyped-call]
    assert _parsed(parse_openmetrics, rich.decode()) == _parsed(parse_openmetrics, told)


def test_a_line_cannot_be_smuggled_in() -> None:
    registry = _registry('x"} 1\nevil_total 7\n# HELP')
    for openmetrics in (False, True):
        told = encode(registry, openmetrics=openmetrics)[0].decode()
        assert not any(line.startswith("evil") for line in told.splitlines())


@pytest.mark.parametrize(
    ("accept", "rich"),
    [
        ("", False),
        ("*/*", False),
        ("text/plain;version=0.0.4", False),
        ("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", True),
    ],
)
async def test_the_format_is_chosen_by_who_asks(accept: str, rich: bool) -> None:
    told, kind = await exposing(_registry("a"))(accept)
    assert wants_openmetrics(accept) is rich
    assert told.endswith(b"# EOF\n") is rich
    assert kind.startswith(
        "application/openmetrics-text; version=1.0.0" if rich else "text/plain; version=0.0.4"
    )


async def test_it_is_written_off_the_event_loop() -> None:
    class Slow(Collector):
        def __init__(self) -> None:
            self.asked = threading.Event()
            self.go_on = threading.Event()

        def collect(self) -> Iterator[Metric]:
            self.asked.set()
            self.go_on.wait(10)
            yield GaugeMetricFamily("up", "", 1)

    slow = Slow()
    scrape = asyncio.ensure_future(exposing(slow)(""))
    while not slow.asked.is_set():  # noqa: ASYNC110 - set by another thread
        await asyncio.sleep(0.001)
    slow.go_on.set()  # the loop runs while it is written
    assert b"up 1" in (await scrape)[0]
