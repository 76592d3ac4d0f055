"""The door of the exact path: what costs several times as much as a compiled run is bounded.

Operations get there on their first use, because they cannot be compiled, or because something in a subgraph's answer was
unusual. So many at a time run, so many more wait in order of arrival, and then it is said that it is too much: who can
make answers fail cannot make everybody wait.
"""

from __future__ import annotations

import asyncio
from typing import Any

from gateway.config import Guards
from gateway.edge.errors import RequestRefused
from gateway.execution import ExecutionRequest, execute

__all__ = ["ExactPath"]

_LATER = {"retry-after": "1"}


class ExactPath:
    """Runs operations exactly, so many at a time."""

    def __init__(self, guards: Guards) -> None:
        self._places = asyncio.Semaphore(guards.exact_operations)
        self._most_waiting = guards.exact_waiting
        self._waiting = 0

    async def begin(self, request: ExecutionRequest) -> dict[str, Any]:
        """Answer a query or a mutation of which nothing has run. Raises RequestRefused (503)."""
        return await self._run(request, most_waiting=self._most_waiting)

    async def take_over(self, request: ExecutionRequest) -> dict[str, Any]:
        """The same for one that has run: a mutation's effects are there, so it is answered however many wait."""
        mutation = request.operation.operation.value == "mutation"
        return await self._run(request, most_waiting=None if mutation else self._most_waiting)

    async def _run(self, request: ExecutionRequest, *, most_waiting: int | None) -> dict[str, Any]:
        if self._places.locked():
            await self._wait(most_waiting)
        else:
            await self._places.acquire()
        try:
            return await execute(request)
        finally:
            self._places.release()

    async def _wait(self, most: int | None) -> None:
        if most is not None and self._waiting >= most:
            message = "Too many operations are under way. Try again in a second."
            raise RequestRefused(503, "OVERLOADED", message, _LATER)
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
