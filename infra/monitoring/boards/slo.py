"""Objectives, and how fast their budgets burn."""

from __future__ import annotations

from infra.monitoring.boards.expressions import FAULTS, OPERATION, one
from infra.monitoring.panels import Board, Panel, Query

__all__ = ["SLO"]

_FAST = f'sum(rate({OPERATION}_bucket{{$sel,le="0.5"}}[30d]))'

SLO = Board(
    "lets-connect-slo",
    "Let's Connect / SLO",
    "What is promised (99.9 % of operations without a fault of ours, 99 % within half a second), and what is left of it.",
    [
        one(
            "Availability, 30 days",
            "Operations without an error of ours.",
            "percentunit",
            f"1 - sum(increase({FAULTS}{{$sel}}[30d])) / sum(increase({OPERATION}_count{{$sel}}[30d]))",
            kind="stat",
            width=6,
        ),
        one(
            "Within half a second, 30 days",
            "Operations at the gateway.",
            "percentunit",
            f"{_FAST} / sum(rate({OPERATION}_count{{$sel}}[30d]))",
            kind="stat",
            width=6,
        ),
        Panel(
            "Burn rate, availability",
            "1 spends the error budget in exactly 30 days; alerts are at 14.4, 6, 3 and 1.",
            "short",
            [
                Query(f'job:gateway_faults:ratio_rate{w}{{job=~"$job"}} / 0.001', f"{{{{job}}}} {w}")
                for w in ("5m", "1h", "6h", "3d")
            ],
        ),
        Panel(
            "Burn rate, latency",
            "1 spends the budget of slow operations in exactly 30 days.",
            "short",
            [
                Query(f'job:gateway_slow:ratio_rate{w}{{job=~"$job"}} / 0.01', f"{{{{job}}}} {w}")
                for w in ("5m", "1h", "6h", "3d")
            ],
        ),
    ],
)
