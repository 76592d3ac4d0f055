"""How many uploads of one request each are in work at a time: more are told when to come again, before they are read."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from subgraphs.kit.errors import RateLimited

__all__ = ["Admission"]

_LONGEST_WAIT = 30


class Admission:
    """Of one process. Who is refused is asked to wait as long as uploads take just now."""

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._now = now
        self._in_work = 0
        self._seconds = 1.0

    @contextmanager
    def slot(self) -> Iterator[None]:
        """For the length of an upload, from its first byte. Raises RateLimited."""
        if self._in_work >= self._most:
            raise RateLimited(min(_LONGEST_WAIT, math.ceil(self._seconds)))
        self._in_work += 1
        began = self._now()
        try:
            yield
        finally:
            self._in_work -= 1
            self._seconds += (self._now() - began - self._seconds) / 8
