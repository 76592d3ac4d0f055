"""What is over and has to be counted: some at a time, which costs a fraction of what each costs between two requests.

There, code and tables have just left the processor's caches. Whoever reads what is counted has the rest counted first, so
nothing that is read is old; and as few wait, nothing that waits is much.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

__all__ = ["Later"]

T = TypeVar("T")

_MOST: Final = 32


class Later(Generic[T]):
    """Added to in one thread, the event loop's; caught up with in any."""

    __slots__ = ("_count", "_counting", "_waiting")

    def __init__(self, count: Callable[[Sequence[T]], None]) -> None:
        """``count`` is given what waited, in order, and not called twice at a time."""
        self._count = count
        self._counting = threading.Lock()
        self._waiting: list[T] = []

    def add(self, one: T) -> None:
        """Have this counted with the next ones, or before anyone reads."""
        self._waiting.append(one)
        if len(self._waiting) >= _MOST:
            self.catch_up()

    def catch_up(self) -> None:
        """Count what waits."""
        if self._waiting:
            with self._counting:
                taken = self._waiting[:]
                del self._waiting[: len(taken)]  # what came meanwhile stays
                self._count(taken)
