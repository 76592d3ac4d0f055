"""What the cache spares, seen after a write: not at once, but it stays so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

__all__ = ["comes_to"]

Told = TypeVar("Told")


async def comes_to(expected: Told, measure: Callable[[], Awaitable[Told]]) -> None:
    """Measure again and again, until this comes of it.

    Right after a write it need not. The outbox repeats what was forgotten, and what has no version is then read once more
    (``cache/cache.py``); and a process that was held up believes Redis no longer, until it has looked at the outbox (``cache/trust.py``).
    """
    found: Told | None = None
    try:
        async with asyncio.timeout(60):
            while (found := await measure()) != expected:
                pass
    except TimeoutError:
        raise AssertionError(f"it came to {found}, and never to {expected}") from None
