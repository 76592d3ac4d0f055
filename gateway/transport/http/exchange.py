"""One request's answer on its way from a connection to whoever reads it."""

from __future__ import annotations

import asyncio
from collections import deque

from gateway.transport.http.failures import HttpFailure

__all__ = ["Exchange"]


class Exchange:
    """One request's answer as it arrives. Nobody but its reader waits on it."""

    # What an exchange begins with is the class's: one is made for each fetch.
    status = 0
    buffered = 0
    has_head = False
    done = False
    touched = False
    error: HttpFailure | None = None
    _waiter: asyncio.Future[None] | None = None

    def __init__(self, *, head_only: bool = False) -> None:
        self.head_only = head_only
        self.headers: list[tuple[bytes, bytes]] = []
        self.chunks: deque[bytes] = deque()

    def wake(self) -> None:
        """Let the reader look again."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def fail(self, error: HttpFailure) -> None:
        """End the exchange with ``error`` unless it has ended."""
        if not self.done and self.error is None:
            self.error = error
        self.wake()

    async def wait(self) -> None:
        """Until something has changed; raises what the exchange failed with."""
        if self.error is not None:
            raise self.error
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
        if self.error is not None:
            raise self.error

    def take_all(self) -> int:
        """Forget what is buffered; the reader has it. Says how much it was."""
        size = sum(map(len, self.chunks))
        self.chunks.clear()
        self.buffered = 0
        return size

    def header(self, name: bytes) -> bytes | None:
        """The first header of that lower-case name."""
        for known, value in self.headers:
            if known == name:
                return value
        return None
