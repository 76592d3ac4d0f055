"""How a process is: whether its event loop keeps up. CPU, memory and start time are prometheus-client's own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from prometheus_client import REGISTRY, CollectorRegistry, Histogram

__all__ = ["LoopLag"]

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_EVERY = 0.25


class LoopLag:
    """``event_loop_lag_seconds``: how much later than asked the event loop calls, looked at four times a second."""

    def __init__(self, registry: CollectorRegistry = REGISTRY, *, every: float = _EVERY) -> None:
        self._every = every
        self._late = Histogram(
            "event_loop_lag_seconds", "How late the event loop was", buckets=_BUCKETS, registry=registry
        )

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Look at the running loop until the end of the block."""
        loop = asyncio.get_running_loop()
        pending: list[asyncio.TimerHandle] = []

        def look(due: float) -> None:
            now = loop.time()
            self._late.observe(max(0.0, now - due))
            pending[:] = [loop.call_at(now + self._every, look, now + self._every)]

        pending.append(loop.call_later(self._every, look, loop.time() + self._every))
        try:
            yield
        finally:
            pending[0].cancel()
