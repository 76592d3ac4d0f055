"""Prometheus' text formats, written at half the cost of prometheus-client's own encoder.

https://prometheus.io/docs/instrumenting/exposition_formats/ and
https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md (1.0, for exemplars). Names are taken
as they are: ours are all of the plain kind. When a series was made is not told: it is one more for each, and nobody asks.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeAlias

from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Exemplar, Sample

__all__ = ["Expose", "encode", "exposing", "wants_openmetrics"]

Expose: TypeAlias = Callable[[str], Awaitable[tuple[bytes, str]]]
"""From a request's ``Accept`` to the answer and its content type."""

_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_OLDER = {"counter": ("_total", "counter"), "info": ("_info", "gauge"), "unknown": ("", "untyped")}
"""What the older format calls a kind of metric, and what is put after its name."""
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


def exposing(collector: Collector) -> Expose:
    """Tell of a registry, off the event loop."""

    async def expose(accept: str) -> tuple[bytes, str]:
        return await asyncio.to_thread(encode, collector, openmetrics=wants_openmetrics(accept))

    return expose


def wants_openmetrics(accept: str) -> bool:
    """Whether an ``Accept`` header asks for exemplars' format."""
    return "application/openmetrics-text" in accept


def encode(collector: Collector, *, openmetrics: bool = False) -> tuple[bytes, str]:
    """All that is collected, and its content type."""
    lines: list[str] = []
    for metric in collector.collect():
        name, kind = metric.name, metric.type
        if openmetrics:
            about = metric.documentation.translate(_ESCAPES)
        else:
            suffix, kind = _OLDER.get(kind, ("", kind))
            name += suffix
            about = metric.documentation.replace("\\", r"\\").replace("\n", r"\n")
        lines.append(f"# HELP {name} {about}\n# TYPE {name} {kind}\n")
        lines.extend(_samples(metric, openmetrics=openmetrics))
    if openmetrics:
        lines.append("# EOF\n")
    return "".join(lines).encode(), _OPENMETRICS if openmetrics else _TEXT


def _samples(metric: Metric, *, openmetrics: bool) -> Iterator[str]:
    known: dict[str, str] = {}
    for sample in metric.samples:
        if sample.name.endswith("_created"):
            continue
        labels = _labels(sample, known) if sample.labels else ""
        value = sample.value
        number = f"{value}.0" if type(value) is int else _number(value)
        if openmetrics and sample.exemplar is not None:
            yield f"{sample.name}{labels} {number}{_exemplar(sample.exemplar)}\n"
        else:
            yield f"{sample.name}{labels} {number}\n"


def _labels(sample: Sample, known: dict[str, str]) -> str:
    """In braces, by name. ``known`` are values that need no escape, or as they are escaped: most come again and again."""
    parts = []
    for name, value in sorted(sample.labels.items()):
        text = known.get(value)
        if text is None:
            text = known[value] = value.translate(_ESCAPES)
        parts.append(f'{name}="{text}"')
    return "{" + ",".join(parts) + "}"


def _number(value: float) -> str:
    """As Go writes it where Python would not."""
    if value == math.inf:
        return "+Inf"
    if value == -math.inf:
        return "-Inf"
    return "NaN" if value != value else repr(float(value))


def _exemplar(exemplar: Exemplar) -> str:
    labels = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in exemplar.labels.items())
    at = "" if exemplar.timestamp is None else f" {exemplar.timestamp}"
    return f" # {{{labels}}} {_number(exemplar.value)}{at}"
