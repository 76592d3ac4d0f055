"""The count of what planning one operation has taken, held to the settings' guards."""

from __future__ import annotations

import time
from collections.abc import Callable

from gateway.config import Guards
from gateway.planning.errors import TOO_COMPLEX, PlanningError

__all__ = ["Budget"]

_LOOK_AT_CLOCK = 256
"""Steps between two looks."""


class Budget:
    """Counts for one operation. Past ``branches`` the best plan found so far is taken; the rest is refused."""

    __slots__ = ("_clock", "_ends", "_fetches", "_left", "branches")

    def __init__(self, guards: Guards, clock: Callable[[], float] = time.monotonic) -> None:
        self.branches = guards.planning_branches
        self._left = guards.planning_steps
        self._fetches = guards.planning_fetches
        self._clock = clock
        self._ends = clock() + guards.planning_seconds

    def put_together(self, fetches: int) -> None:
        """Judge how many fetches there are; raises PlanningError where that is too many."""
        if fetches > self._fetches:
            raise PlanningError(TOO_COMPLEX, "The operation needs too many fetches")

    def step(self) -> None:
        """Count one; raises PlanningError where that is one too many."""
        self._left -= 1
        if self._left < 0:
            raise PlanningError(TOO_COMPLEX, "The operation is too complex to plan")
        if self._left % _LOOK_AT_CLOCK == 0 and self._clock() > self._ends:
            raise PlanningError(TOO_COMPLEX, "The operation takes too long to plan")
