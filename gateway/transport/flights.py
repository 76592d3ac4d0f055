"""Equal prepared requests in flight at the same time are sent once, and answered together."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from gateway.transport.protocol import Reply

__all__ = ["Flights"]

Done = Callable[[Reply], None]
Send = Callable[[Done], Callable[[], None]]


class _Flight:
    __slots__ = ("cancel", "waiting")

    def __init__(self) -> None:
        self.waiting: list[Done] = []
        self.cancel: Callable[[], None] | None = None


class Flights:
    """What is in flight, by what makes requests equal. The last who leaves cancels it."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight] = {}

    def share(self, key: Hashable, send: Send, done: Done) -> Callable[[], None]:
        """Wait for the request under way for ``key``, or send it."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight()
            flight.waiting.append(done)
            flight.cancel = send(lambda reply: self._landed(key, flight, reply))
        else:
            flight.waiting.append(done)
        return lambda: self._leave(key, flight, done)

    def renew(self) -> None:
        """What comes from now on shares nothing with what is under way."""
        self._flights.clear()

    def _landed(self, key: Hashable, flight: _Flight, reply: Reply) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
        waiting, flight.waiting, flight.cancel = flight.waiting, [], None
        for done in waiting:
            done(reply)

    def _leave(self, key: Hashable, flight: _Flight, done: Done) -> None:
        if done not in flight.waiting:
            return
        flight.waiting.remove(done)
        if not flight.waiting and flight.cancel is not None:
            if self._flights.get(key) is flight:
                del self._flights[key]
            flight.cancel()
