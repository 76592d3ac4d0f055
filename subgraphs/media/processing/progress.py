"""What is being done to an upload just now, told to who listens: a worker's own stages, and those around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from subgraphs.kit.database.transaction import LiveMessage
from subgraphs.kit.events.live import Live

__all__ = ["SCAN", "STORE", "Tell", "telling"]

SCAN, STORE = "scan", "store"

Tell: TypeAlias = Callable[[str], None]
"""Hears of each stage as it begins, from any thread, and holds nothing up."""


@asynccontextmanager
async def telling(live: Live, topic: str) -> AsyncIterator[Tell]:
    """Publishes ``{"stage"}`` for each stage, in order; all of them before the block has ended."""
    loop = asyncio.get_running_loop()
    stages: asyncio.Queue[str | None] = asyncio.Queue()

    async def publish() -> None:
        while (stage := await stages.get()) is not None:
            await live.publish([LiveMessage(topic, {"stage": stage})])

    def tell(stage: str | None) -> None:
        loop.call_soon_threadsafe(stages.put_nowait, stage)

    publishing = asyncio.create_task(publish())
    try:
        yield tell
    finally:
        tell(None)
        await publishing
