"""Posts that are answered by a task."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from gateway.transport.http.client import Posted
from gateway.transport.http.failures import HttpFailure

__all__ = ["PostTasks", "StatusAndBody"]

StatusAndBody: TypeAlias = tuple[int, bytes]


class PostTasks:
    """Posts under way, one task each."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, answer: Coroutine[Any, Any, StatusAndBody], done: Posted) -> Callable[[], None]:
        """Tell ``done`` what ``answer`` returns, or the HttpFailure it raises. Returns what cancels it."""
        task = asyncio.get_running_loop().create_task(_tell(answer, done))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return lambda: _cancel(task)

    def close(self) -> None:
        """End what is under way without telling."""
        for task in list(self._tasks):
            task.cancel()


async def _tell(answer: Coroutine[Any, Any, StatusAndBody], done: Posted) -> None:
    try:
        status, body = await answer
    except HttpFailure as error:
        done(0, error)
    else:
        done(status, body)


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
