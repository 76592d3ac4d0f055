"""How many pictures are made, stored and counted at a time, whichever door they came by.

As many as keep the workers busy, and no more: each that is made is held in memory until it is stored, each that is stored
wants the disk that the database and the cache want, too, and many that are counted at one moment keep the event loop from
everything else for as long: pictures that came at one moment are made at one, so that they are counted one by one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subgraphs.kit.errors import RateLimited

__all__ = ["InWork"]

_AGAIN = 2
"""Seconds after which who found no room even to wait may come again."""


class InWork:
    """``most`` at a time; ``waiting`` more wait, in the order they came."""

    def __init__(self, most: int, waiting: int) -> None:
        self._room = asyncio.Semaphore(most)
        self._most_waiting = waiting
        self._waiting = 0
        self.counting = asyncio.Lock()
        """For the length of a transaction."""

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """For the length of the block. Raises RateLimited where too many wait."""
        if self._room.locked() and self._waiting >= self._most_waiting:
            raise RateLimited(_AGAIN)
        self._waiting += 1
        try:
            await self._room.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._room.release()
