"""How much is under way in something that is closed when nothing is any more."""

from __future__ import annotations

import asyncio

__all__ = ["Occupied"]


class Occupied:
    """``with`` it for as long as something is under way; any number at a time.

    A class and no generator: each operation enters it.
    """

    def __init__(self) -> None:
        self._count = self._begun = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def __enter__(self) -> None:
        self._count += 1
        self._begun += 1
        self._idle.clear()

    def __exit__(self, *_: object) -> None:
        self._count -= 1
        if not self._count:
            self._idle.set()

    async def left(self) -> None:
        """Until nothing is under way."""
        await self._idle.wait()

    async def quiet(self, seconds: float) -> None:
        """Until for so long nothing has been under way."""
        begun = None
        while begun != self._begun:
            await self._idle.wait()
            begun = self._begun
            await asyncio.sleep(seconds)
