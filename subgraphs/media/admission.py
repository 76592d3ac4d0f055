"""How many uploads of one request each are in work at a time, and how they take turns while they are read.

Beyond what may be in work, clients are told when to come again. Bodies are read chunk by chunk, one chunk of one upload in
a turn of the loop: a hundred that come at once are as fast as one, and every other request goes between their chunks.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from subgraphs.kit.errors import RateLimited

__all__ = ["Admission"]

_LONGEST_WAIT = 30


class Admission:
    """Of one process. Who is refused is asked to wait as long as uploads take just now."""

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._now = now
        self._in_work = 0
        self._seconds = 1.0
        self._turns = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for one's turn: after whatever else the loop has to do."""
        async with self._turns:
            await asyncio.sleep(0)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """For the length of an upload, from its first byte. Raises RateLimited."""
        if self._in_work >= self._most:
            raise RateLimited(min(_LONGEST_WAIT, math.ceil(self._seconds)))
        self._in_work += 1
        began = self._now()
        try:
            yield
        finally:
            self._in_work -= 1
            self._seconds += (self._now() - began - self._seconds) / 8
