"""How fast the bytes of uploads are read, and whose are read first.

Bodies are read chunk by chunk, one of them in a turn of the loop, and so many bytes a second at most: a hundred that come at
once do not take all that the process, and the machine, can do, and every other request goes between their chunks.

Whose body came first has the first turn, as far as its client sends, for some megabytes; then it goes behind the others. So
pictures are there one after another, and are made so: in equal turns all that came at one moment would be there at one moment
much later, with nothing to make until then and everything after. And who sends a film holds nobody up for its whole length.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

__all__ = ["Pace", "Sleep", "Turn", "paced"]

_AHEAD = 1 / 16
"""Seconds' worth of bytes that are read without a pause after a quiet while: one picture is never slowed down."""
_FIRST_BYTES = 8 << 20
"""Of a body, before it goes behind the others: a picture as cameras and telephones make them."""
_LEAST_BYTES = 16 << 10
"""That a turn counts as towards those: two who send byte by byte had all turns for as long as they liked."""

Turn = Callable[[int], Awaitable[None]]
"""Wait for one's turn after so many bytes of a body have been read."""
Sleep = Callable[[float], Awaitable[None]]


class Pace:
    """So many bytes a second at most, of all bodies that are read by it."""

    def __init__(self, rate: int, now: Callable[[], float], sleep: Sleep = asyncio.sleep) -> None:
        self._rate = rate
        self._now = now
        self._sleep = sleep
        self._turns = _Turns()
        self._numbers = itertools.count()
        self._paid_until = 0.0

    def body(self) -> Turn:
        """The turns of one more body."""
        number, left = next(self._numbers), _FIRST_BYTES

        async def turn(size: int) -> None:
            nonlocal number, left
            left -= max(size, _LEAST_BYTES)
            if left < 0:
                number, left = next(self._numbers), _FIRST_BYTES
            async with self._turns.of(number):
                await self._pay(size)

        return turn

    async def _pay(self, size: int) -> None:
        """Wait until ``size`` bytes more are within the rate, after whatever else the loop has to do."""
        now = self._now()
        self._paid_until = max(self._paid_until, now - _AHEAD) + size / self._rate
        await self._sleep(max(0.0, self._paid_until - now))


class _Turns:
    """One at a time; of those who wait the one with the least number is next."""

    def __init__(self) -> None:
        self._taken = False
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def of(self, number: int) -> AsyncIterator[None]:
        """Nobody else has this number just now."""
        await self._enter(number)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, number: int) -> None:
        if not self._taken:
            self._taken = True
            return
        given = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (number, given))
        try:
            await given
        except asyncio.CancelledError:
            if not given.cancelled():  # it was ours already
                self._leave()
            raise

    def _leave(self) -> None:
        while self._waiting:
            _, given = heapq.heappop(self._waiting)
            if not given.done():
                given.set_result(None)
                return
        self._taken = False


async def paced(chunks: AsyncIterator[bytes], pace: Pace) -> AsyncIterator[bytes]:
    """The chunks of a body in turns."""
    turn = pace.body()
    async for chunk in chunks:
        await turn(len(chunk))
        yield chunk
