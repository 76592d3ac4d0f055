"""Equal requests in flight at the same time are made once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Mapping
from typing import Any, Generic, TypeVar

__all__ = ["Flight", "InFlight", "distinguishing"]

_T = TypeVar("_T")


class Flight(Generic[_T]):
    """One request under way, and those who wait for it."""

    __slots__ = ("_flights", "_key", "_waiters", "task")

    task: asyncio.Task[_T]

    def __init__(self, flights: dict[Hashable, Flight[_T]], key: Hashable) -> None:
        self._flights = flights
        self._key = key
        self._waiters: dict[asyncio.Future[_T], None] = {}

    @property
    def waiting(self) -> int:
        """How many wait for it."""
        return len(self._waiters)

    async def wait(self) -> _T:
        """Its result. Who stops waiting takes it from nobody else; the last one ends it.

        A future each: ``asyncio.shield`` has two callbacks beside that."""
        waiter: asyncio.Future[_T] = self.task.get_loop().create_future()
        self._waiters[waiter] = None
        try:
            return await waiter
        finally:
            del self._waiters[waiter]
            if not self._waiters and not self.task.done():
                self.close()
                self.task.cancel()

    def close(self) -> None:
        """Whoever comes from now on begins anew."""
        if self._flights.get(self._key) is self:
            del self._flights[self._key]

    def landed(self, task: asyncio.Task[_T]) -> None:
        """The request is over."""
        self.close()
        error = None if task.cancelled() else task.exception()  # seen, also where nobody waits any more
        for waiter in self._waiters:
            if waiter.done():
                continue
            if task.cancelled():
                waiter.cancel()
            elif error is not None:
                waiter.set_exception(error)
            else:
                waiter.set_result(task.result())


class InFlight(Generic[_T]):
    """Requests by what makes them equal; one is cancelled when the last who waits for it is."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, Flight[_T]] = {}

    async def share(self, key: Hashable, make: Callable[[Flight[_T]], Coroutine[Any, Any, _T]]) -> _T:
        """The result of the request under way for ``key``, or of a new one."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = Flight(self._flights, key)
            flight.task = asyncio.create_task(make(flight))
            flight.task.add_done_callback(flight.landed)
        return await flight.wait()

    def renew(self) -> None:
        """What comes from now on shares nothing with what is under way."""
        self._flights.clear()


def distinguishing(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What of the headers makes requests different: of the trace, whether it is kept."""
    return tuple([(k, v[-2:] if k == "traceparent" else v) for k, v in headers.items() if k != "tracestate"])
