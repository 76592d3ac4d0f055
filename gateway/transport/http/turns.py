"""Waiting for a place, in order of arrival, by no more than a number."""

from __future__ import annotations

import asyncio
from collections import deque

from gateway.transport.http.failures import Overloaded

__all__ = ["Turns"]


class Turns:
    """A queue of those who wait; whoever is woken looks for a place, and waits again where there is none."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def wait(self) -> None:
        """Until woken; raises Overloaded where too many wait already."""
        if len(self._waiting) >= self._most:
            raise Overloaded("too many requests wait for it")
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self.wake_one()  # the turn was given to a request that has gone
            raise
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def wake_one(self) -> None:
        """Let the one who waits longest look again."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    def wake_all(self) -> None:
        """Let everyone look again."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
