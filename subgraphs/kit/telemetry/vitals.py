"""Numbers that stand somewhere already and are read when Prometheus asks: pools, breakers, queues, ages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

__all__ = ["Vital", "Vitals"]


@dataclass(frozen=True, slots=True, eq=False)
class Vital:
    """One series of a gauge. Those of one name have the same labels and documentation."""

    name: str
    documentation: str
    labels: Mapping[str, str]
    read: Callable[[], float]
    """Called in another thread than the event loop's: it reads a number, and does nothing else."""


class Vitals(Collector):
    """The gauges of what is open now."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._watched: dict[int, Vital] = {}
        registry.register(self)

    @contextmanager
    def watched(self, *vitals: Vital) -> Iterator[None]:
        """Tell of these as long as the block runs."""
        for vital in vitals:
            self._watched[id(vital)] = vital
        try:
            yield
        finally:
            for vital in vitals:
                del self._watched[id(vital)]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What they are just now."""
        families: dict[str, GaugeMetricFamily] = {}
        for vital in list(self._watched.values()):
            family = families.get(vital.name)
            if family is None:
                family = GaugeMetricFamily(vital.name, vital.documentation, labels=list(vital.labels))
                families[vital.name] = family
            family.add_metric(list(vital.labels.values()), vital.read())
        yield from families.values()
