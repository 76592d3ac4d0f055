"""How much the operators' page looks at, remembers and serves."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["OpsRules"]


@dataclass(frozen=True, slots=True)
class OpsRules:
    """Bounds of one process."""

    seconds: float = 2.0
    """Between two looks."""
    window: float = 60.0
    """Seconds that the quantiles and rates of the tables are of."""
    minutes: int = 10
    """Remembered at most."""
    cells: int = 100_000
    """Remembered at most: what one resolver, operation or subgraph did between two looks is one, some 300 bytes."""
    watchers: int = 8
    """Who may watch at a time."""
    replicas: str = ""
    """The name whose addresses are a service's replicas, with ``{host}`` for the host of its URL; empty: that host."""
    gateways: tuple[tuple[str, int | None], ...] = ()
    """Hosts whose addresses are the gateways, each with its port; None: this gateway's own."""
