"""Questions by key that several ask at the same time, asked as one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

__all__ = ["Together"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Together(Generic[K, V]):
    """Those who come in one turn of the event loop ask together, and before the question is sent: none is told what was
    true before it came."""

    def __init__(self, ask: Callable[[list[K]], Awaitable[Sequence[V | None]]]) -> None:
        """``ask`` answers in the order of the keys."""
        self._ask = ask
        self._asking: dict[K, asyncio.Future[V | None]] = {}

    async def of(self, key: K) -> V | None:
        """The answer for a key; None, too, where asking failed or was given up."""
        asking = self._asking
        first = not asking
        answer = asking.get(key)
        if answer is None:
            answer = asking[key] = asyncio.get_running_loop().create_future()
        if first:
            await self._all()
        return await answer

    async def _all(self) -> None:
        asking, found = self._asking, list[V | None]()
        try:
            await asyncio.sleep(0)
            self._asking = {}
            found = list(await self._ask(list(asking)))
        finally:  # where asking fails, or who asks for all goes away, nobody is left waiting
            if self._asking is asking:
                self._asking = {}
            for answer, value in zip(asking.values(), found or [None] * len(asking), strict=True):
                if not answer.done():
                    answer.set_result(value)
