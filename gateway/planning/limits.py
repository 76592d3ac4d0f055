"""How much planning one operation may take, and the count of what it has taken."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from gateway.planning.errors import PlanningError

__all__ = ["Budget", "Limits"]

_LOOK_AT_CLOCK = 256
"""Steps between two looks."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Past ``branches`` the best plan found so far is taken; past the others there is a PlanningError."""

    steps: int = 200_000
    """Selections looked at and put together, and ways found: they bound memory, too."""
    branches: int = 4_000
    """Combinations of ways compared."""
    fetches: int = 6_000
    """Fetches put together, before those that can be one are made one."""
    seconds: float = 10.0
    """Of processor time or of waiting for it."""


class Budget:
    """Counts for one operation."""

    __slots__ = ("_clock", "_ends", "_fetches", "_left", "branches")

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.branches = limits.branches
        self._left = limits.steps
        self._fetches = limits.fetches
        self._clock = clock
        self._ends = clock() + limits.seconds

    def put_together(self, fetches: int) -> None:
        """Judge how many fetches there are; raises PlanningError where that is too many."""
        if fetches > self._fetches:
            raise PlanningError("QUERY_PLAN_COMPLEXITY_EXCEEDED", "The operation needs too many fetches")

    def step(self) -> None:
        """Count one; raises PlanningError where that is one too many."""
        self._left -= 1
        if self._left < 0:
            raise PlanningError("QUERY_PLAN_COMPLEXITY_EXCEEDED", "The operation is too complex to plan")
        if self._left % _LOOK_AT_CLOCK == 0 and self._clock() > self._ends:
            raise PlanningError("QUERY_PLAN_COMPLEXITY_EXCEEDED", "The operation takes too long to plan")
