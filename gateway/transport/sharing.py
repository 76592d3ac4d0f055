"""Equal requests in flight at the same time are made once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

__all__ = ["InFlight"]

_T = TypeVar("_T")


class _Flight(Generic[_T]):
    __slots__ = ("task", "waiting")

    def __init__(self, task: asyncio.Task[_T]) -> None:
        self.task = task
        self.waiting = 0


class InFlight(Generic[_T]):
    """Requests by what makes them equal; one is cancelled when the last who waits for it is."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight[_T]] = {}

    async def share(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        """The result of the request under way for ``key``, or of a new one."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(make()))
            flight.task.add_done_callback(lambda task: self._landed(key, task))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if flight.waiting == 0 and not flight.task.done():
                self._flights.pop(key, None)
                flight.task.cancel()

    def _landed(self, key: Hashable, task: asyncio.Task[_T]) -> None:
        known = self._flights.get(key)
        if known is not None and known.task is task:
            del self._flights[key]
        if not task.cancelled():
            task.exception()  # seen, also where nobody waits any more
