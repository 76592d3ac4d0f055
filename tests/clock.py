"""The event loop's clock in a test's hand: however long a machine is held up, no timer is due before its time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["held_clock"]


@contextmanager
def held_clock() -> Iterator[Callable[[float], None]]:
    """Until the end of the block the running loop's time stands still, but for the seconds that the test lets pass.

    What began within the block has to end there, if it waits for a timer. Afterwards the clock goes on from where it is.
    """
    loop = asyncio.get_running_loop()
    now, ahead = loop.time(), loop.time() - time.monotonic()

    def let_pass(seconds: float) -> None:
        nonlocal now, ahead
        now += seconds
        ahead += seconds

    loop.time = lambda: now  # type: ignore[method-assign]
    try:
        yield let_pass
    finally:
        loop.time = lambda: time.monotonic() + ahead  # type: ignore[method-assign]
