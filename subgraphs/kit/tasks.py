"""Ending tasks for certain: a library may turn a cancellation into an error of its own, and lose it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

__all__ = ["end_tasks"]

_ASK_AGAIN = 1.0


async def end_tasks(tasks: Iterable[asyncio.Task[Any]], *, ask_again: float = _ASK_AGAIN) -> None:
    """Cancel all, and again each ``ask_again`` seconds, until none runs; what they raise is dropped."""
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        ended, running = await asyncio.wait(running, timeout=ask_again)
        await asyncio.gather(*ended, return_exceptions=True)
