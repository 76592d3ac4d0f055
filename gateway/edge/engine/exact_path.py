"""The door of the exact path: what costs several times as much as a compiled run is bounded.

Operations get there on their first use, because they cannot be compiled, because they are answered in parts, or because
something in a subgraph's answer was unusual. So many at a time run, so many more wait in order of arrival, and then it
is said that it is too much: who can make answers fail cannot make everybody wait.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from gateway.config import Guards
from gateway.edge.errors import RequestRefused
from gateway.edge.streaming import to_its_end
from gateway.execution import ExecutionRequest, Format, execute, execute_incrementally

__all__ = ["ExactPath"]

_LATER = {"retry-after": "1"}


class ExactPath:
    """Runs operations exactly, so many at a time."""

    def __init__(self, guards: Guards) -> None:
        self._places = asyncio.Semaphore(guards.exact_operations)
        self._most_waiting = guards.exact_waiting
        self._waiting = 0

    async def begin(self, request: ExecutionRequest) -> dict[str, Any]:
        """Answer a query or a mutation of which nothing has run. Raises RequestRefused (503)."""
        async with self._place(self._most_waiting):
            return await execute(request)

    async def take_over(self, request: ExecutionRequest) -> dict[str, Any]:
        """The same for one that has run: a mutation's effects are there, so it is answered however many wait."""
        mutation = request.operation.operation.value == "mutation"
        async with self._place(None if mutation else self._most_waiting):
            return await execute(request)

    async def stream(self, request: ExecutionRequest, format_: Format) -> AsyncIterator[dict[str, Any]]:
        """Answer in parts, its place taken until the last of them is made, or until it is closed: a client that is slow to
        take them keeps nobody else waiting. What a mutation does is in the first, and goes on to its end.

        Raises RequestRefused (503) on the first step.
        """
        made: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

        async def make() -> None:
            try:
                async with self._place(self._most_waiting):
                    answers = execute_incrementally(request, format_)
                    async with contextlib.aclosing(answers):  # type: ignore[type-var] # an async generator
                        async for answer in answers:
                            made.put_nowait(answer)
            finally:
                made.put_nowait(None)

        making = asyncio.create_task(make())
        try:
            mutation = request.operation.operation.value == "mutation"
            answer = await (to_its_end(made.get()) if mutation else made.get())
            while answer is not None:
                yield answer
                answer = await made.get()
            await making
        finally:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def _place(self, most_waiting: int | None) -> AsyncIterator[None]:
        if self._places.locked():
            await self._wait(most_waiting)
        else:
            await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()

    async def _wait(self, most: int | None) -> None:
        if most is not None and self._waiting >= most:
            message = "Too many operations are under way. Try again in a second."
            raise RequestRefused(503, "OVERLOADED", message, _LATER)
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
