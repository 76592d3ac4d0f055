"""An event loop that is held is seen to be late."""

from __future__ import annotations

import asyncio
import time

from prometheus_client import CollectorRegistry

from gateway.telemetry.process import LoopLag


async def test_a_loop_that_is_held_is_late() -> None:
    registry = CollectorRegistry()

    def looks(bound: str) -> float:
        return registry.get_sample_value("event_loop_lag_seconds_bucket", {"le": bound}) or 0.0

    with LoopLag(registry, every=0.01).watched():
        while looks("+Inf") < 1:  # noqa: ASYNC110 - there is nothing to wait on but the figure itself
            await asyncio.sleep(0.001)
        time.sleep(0.15)  # noqa: ASYNC251 - that is the point
        before = looks("+Inf")
        while looks("+Inf") == before:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert looks("+Inf") - looks("0.1") >= 1
    ended = looks("+Inf")
    await asyncio.sleep(0.03)
    assert looks("+Inf") == ended
