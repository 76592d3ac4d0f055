"""Counters and histograms of what happens many times in one request: an observation is an addition or two.

prometheus-client's own take a lock for each of them. These are observed in the event loop's thread alone, and read
in any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from subgraphs.kit.telemetry.buckets import MANY, Buckets

__all__ = ["Count", "LightCounter", "LightHistogram", "Sizes"]

C = TypeVar("C")


class Count:
    """How often something came about."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0.0

    def inc(self, more: float = 1) -> None:
        """Count one, or several at once."""
        self.value += more


class Sizes(Buckets):
    """Values by a histogram's buckets."""

    __slots__ = ()

    def observe(self, value: float) -> None:
        """Count a value in the first bucket whose bound is not below it."""
        self.latest.append(value)
        if len(self.latest) >= MANY:
            self._find()


class _Labelled(Collector, Generic[C]):
    """A metric with labels, whose values have to be bounded."""

    def __init__(
        self,
        name: str,
        documentation: str,
        labels: Sequence[str],
        make: Callable[[], C],
        registry: CollectorRegistry,
    ) -> None:
        self._name = name
        self._documentation = documentation
        self._labels = labels
        self._make = make
        self._children: dict[tuple[str, ...], C] = {}
        registry.register(self)

    def labels(self, *values: str) -> C:
        """The child with these labels, the same each time."""
        child = self._children.get(values)
        if child is None:
            child = self._children[values] = self._make()
        return child


class LightCounter(_Labelled[Count]):
    """Told as prometheus-client's ``Counter`` is."""

    def __init__(
        self, name: str, documentation: str, labels: Sequence[str], registry: CollectorRegistry
    ) -> None:
        super().__init__(name, documentation, labels, Count, registry)

    def collect(self) -> Iterator[Metric]:
        """What Prometheus is told."""
        family = CounterMetricFamily(self._name, self._documentation, labels=self._labels)
        for values, count in list(self._children.items()):
            family.add_metric(values, count.value)
        yield family

    def describe(self) -> Iterator[Metric]:
        """The names that are taken."""
        yield CounterMetricFamily(self._name, self._documentation, labels=self._labels)


class LightHistogram(_Labelled[Sizes]):
    """Told as prometheus-client's ``Histogram`` is. ``bounds`` are the buckets' but for infinity."""

    def __init__(
        self,
        name: str,
        documentation: str,
        labels: Sequence[str],
        bounds: Sequence[float],
        registry: CollectorRegistry,
    ) -> None:
        self._texts: list[str] = [
            floatToGoString(bound)  # type: ignore[no-untyped-call] # as Prometheus' own histogram does
            for bound in (*bounds, float("inf"))
        ]
        super().__init__(name, documentation, labels, lambda: Sizes(bounds), registry)

    def collect(self) -> Iterator[Metric]:
        """What Prometheus is told: children that nothing was observed of are none yet."""
        family = HistogramMetricFamily(self._name, self._documentation, labels=self._labels)
        for values, sizes in list(self._children.items()):
            if counts := sizes.counts:
                buckets = list(zip(self._texts, accumulate(counts), strict=True))
                family.add_metric(values, buckets, sizes.total)
        yield family

    def describe(self) -> Iterator[Metric]:
        """The names that are taken."""
        yield HistogramMetricFamily(self._name, self._documentation, labels=self._labels)
