"""Histograms for what happens many times in one request: an observation is two additions, and takes no lock.

They are observed in the event loop's thread alone; Prometheus reads them when it asks.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.samples import Exemplar
from prometheus_client.utils import floatToGoString

__all__ = ["LightHistogram", "Series"]


class Series:
    """The observations under one set of labels."""

    __slots__ = ("_bounds", "counts", "exemplars", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.exemplars: dict[int, Exemplar] = {}
        self.total = 0.0

    def observe(self, value: float, trace_id: str = "", at: float | None = None) -> None:
        """Count a value in the first bucket whose bound is not below it, and remember a trace that shows it; ``at``:
        seconds since 1970, where it is not of now."""
        bucket = bisect_left(self._bounds, value)
        self.counts[bucket] += 1
        self.total += value
        if trace_id:
            shown = time.time() if at is None else at
            self.exemplars[bucket] = Exemplar({"trace_id": trace_id}, value, shown)


class LightHistogram(Collector):
    """A metric with labels, whose values have to be bounded. ``bounds`` are the buckets' but for infinity."""

    def __init__(
        self,
        name: str,
        documentation: str,
        labels: Sequence[str],
        bounds: Sequence[float],
        registry: CollectorRegistry,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        """``before``: called before it is read, in whatever thread that is."""
        self._name = name
        self._documentation = documentation
        self._labels = labels
        self._bounds = tuple(bounds)
        self._texts: list[str] = [
            floatToGoString(bound)  # type: ignore[no-untyped-call] # as Prometheus' own histogram does
            for bound in (*bounds, float("inf"))
        ]
        self._before = before
        self._series: dict[tuple[str, ...], Series] = {}
        registry.register(self)

    def labels(self, *values: str) -> Series:
        """The series of these labels' values."""
        series = self._series.get(values)
        if series is None:
            series = self._series[values] = Series(self._bounds)
        return series

    def count(self, observed: Mapping[tuple[str, ...], Sequence[float]]) -> None:
        """Several values at once, by their labels'."""
        bounds = self._bounds
        for labels, values in observed.items():
            series = self.labels(*labels)
            counts = series.counts
            for value in values:
                counts[bisect_left(bounds, value)] += 1
            series.total += sum(values)

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """What Prometheus is told."""
        self._before()
        family = HistogramMetricFamily(self._name, self._documentation, labels=self._labels)
        for values, series in list(self._series.items()):
            counts = enumerate(zip(self._texts, accumulate(series.counts), strict=True))
            shown = dict(series.exemplars)
            buckets = [(*counted, shown[n]) if n in shown else counted for n, counted in counts]
            family.add_metric(values, buckets, series.total)
        yield family

    def describe(self) -> Iterator[HistogramMetricFamily]:
        """The names that are taken."""
        yield HistogramMetricFamily(self._name, self._documentation, labels=self._labels)
