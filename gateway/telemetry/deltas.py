"""Metrics of several processes as those of one: each tells what its series grew by, and one adds it up.

Growth, not values: what a process counted stays counted when it dies and another takes its place. Gauges and all that
is about a process itself (``process_…``) are told by process, with the label ``worker``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Exemplar, Sample

__all__ = ["Change", "Changes", "Family", "Merged"]

Key: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
"""A sample's name, and its labels."""
_GROWING = frozenset({"counter", "histogram", "summary"})


class Change(NamedTuple):
    """What a series grew by, or, of a gauge, what it is."""

    key: Key
    value: float
    exemplar: Exemplar | None


class Family(NamedTuple):
    """What changed of one metric."""

    name: str
    documentation: str
    type: str
    changes: list[Change]


class Changes:
    """What became of a registry's series since they were asked for last."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._told: dict[Key, float] = {}
        self._shown: dict[Key, Exemplar] = {}

    def take(self) -> list[Family]:
        """All metrics, each with the series that changed."""
        return [
            Family(metric.name, metric.documentation, metric.type, list(self._of(metric)))
            for metric in self._registry.collect()
        ]

    def _of(self, metric: Metric) -> Iterator[Change]:
        growing = metric.type in _GROWING
        for sample in metric.samples:
            if sample.name.endswith("_created"):
                continue
            key = (sample.name, tuple(sample.labels.items()))
            exemplar = sample.exemplar
            if exemplar is not None and self._shown.get(key) == exemplar:
                exemplar = None
            known = self._told.get(key)
            if known == sample.value and exemplar is None and growing:
                continue
            self._told[key] = sample.value
            if exemplar is not None:
                self._shown[key] = exemplar
            yield Change(key, sample.value - (known or 0.0) if growing else sample.value, exemplar)


class Merged(Collector):
    """The sum of what processes told."""

    def __init__(self) -> None:
        self._families: dict[str, tuple[str, str]] = {}
        self._values: dict[str, dict[Key, tuple[float, Exemplar | None]]] = {}

    def add(self, worker: str, families: list[Family]) -> None:
        """What one process told."""
        for family in families:
            self._families[family.name] = (family.documentation, family.type)
            values = self._values.setdefault(family.name, {})
            growing = family.type in _GROWING
            own = not growing or family.name.startswith("process_")
            for key, value, exemplar in family.changes:
                at = (key[0], (*key[1], ("worker", worker))) if own else key
                before, shown = values.get(at, (0.0, None))
                values[at] = (before + value if growing else value, exemplar or shown)

    def forget(self, worker: str) -> None:
        """A process is gone: what it was is no more, what it counted stays."""
        for name, values in self._values.items():
            if self._families[name][1] not in _GROWING:
                for key in [key for key in values if ("worker", worker) in key[1]]:
                    del values[key]

    def collect(self) -> Iterator[Metric]:
        """As prometheus-client asks for it."""
        for name, (documentation, kind) in self._families.items():
            metric = Metric(name, documentation, kind)
            metric.samples = [
                Sample(sample, dict(labels), value, None, exemplar)
                for (sample, labels), (value, exemplar) in self._values[name].items()
            ]
            yield metric
