"""What a process tells of itself, put together in one place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from prometheus_client import CollectorRegistry

from gateway.telemetry.process import LoopLag

__all__ = ["open_telemetry"]


@asynccontextmanager
async def open_telemetry(registry: CollectorRegistry) -> AsyncIterator[None]:
    """Watch the event loop until the end of the block."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(LoopLag(registry).watched())
        yield
