"""Resolvers that run when a test says so, and a recorder that looks when it does."""

from __future__ import annotations

from collections.abc import Mapping

from infra.ops.growth import Cell, Key
from infra.ops.recorder import Readings, Recorder, Sample
from infra.ops.rules import OpsRules
from subgraphs.kit.telemetry.resolver_times import ResolverCell

__all__ = ["Looking", "ran"]


def ran(cell: ResolverCell, *seconds: float, failed: bool = False, operations: int = 1) -> None:
    """Executions that took so long."""
    cell.executions += len(seconds)
    cell.operations += operations
    for each in seconds:
        (cell.failed if failed else cell.succeeded)(each)


class Looking:
    """What a recorder looks at, and its clock."""

    def __init__(self, rules: OpsRules | None = None) -> None:
        self.now = 1000.0
        self.cells: dict[Key, ResolverCell] = {}
        self.operations: dict[Key, ResolverCell] = {}
        self.counts: dict[Sample, float] = {}
        self.gauges: dict[Sample, float] = {}
        readings = Readings(
            resolvers=lambda: _copy(self.cells),
            operations=lambda: _copy(self.operations),
            fetches=dict,
            counts=lambda: dict(self.counts),
            gauges=lambda: dict(self.gauges),
        )
        self.recorder = Recorder(readings, rules or OpsRules(), lambda: self.now)

    def cell(self, *key: str) -> ResolverCell:
        """The resolver's, by service, type and field."""
        service, type_name, field = key
        return self.cells.setdefault((service, type_name, field), ResolverCell(lambda: 0.0))

    def look(self, seconds: float = 2.0) -> None:
        """So much later."""
        self.now += seconds
        self.recorder.look()


def _copy(cells: Mapping[Key, ResolverCell]) -> dict[Key, Cell]:
    return dict(cells.items())
