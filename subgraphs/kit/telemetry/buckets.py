"""Numbers counted by bucket, a few hundred at a time: to note one is to append it to a list.

Which the interpreter does by itself. Of an array it asks C, and that takes several times as long where it is done between
other things: what an array's ``append`` goes through is then in no cache.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

__all__ = ["MANY", "Buckets"]

MANY: Final = 1024
"""Observations that may wait for their bucket."""
_finding: Final = threading.Lock()


class Buckets:
    """How many numbers there were in each bucket, and their sum. Observed on one thread, the event loop's; read on any.

    To append it to ``latest`` is all that the most frequent observation costs; it is found its bucket when somebody reads,
    or when it is ``settled`` with others.
    """

    __slots__ = ("_counts", "_edges", "_total", "latest")

    def __init__(self, edges: Sequence[float]) -> None:
        """``edges``: the upper bounds, ascending; a last bucket has none."""
        self._edges = edges
        self._counts: list[int] = []
        self._total = 0.0
        self.latest: list[float] = []
        """What has no bucket yet. Who appends to it calls ``settle`` now and then."""

    @property
    def counts(self) -> list[int]:
        """By bucket; empty before the first."""
        if self.latest:
            self._find()
        return self._counts

    @property
    def total(self) -> float:
        """The sum of all."""
        if self.latest:
            self._find()
        return self._total

    def settle(self) -> None:
        """Find what was counted its bucket, where it has become much."""
        if len(self.latest) >= MANY:
            self._find()

    def _find(self) -> None:
        """Whatever thread this is: what is counted meanwhile stays behind what is taken here."""
        with _finding:
            taken = sorted(
                self.latest
            )  # hardly ever in many buckets: a bucket costs one search, a number none
            del self.latest[: len(taken)]
            edges, counts = self._edges, self._counts or [0] * (len(self._edges) + 1)
            begin = 0
            while begin < len(taken):
                bucket = bisect_left(edges, taken[begin])
                end = bisect_right(taken, edges[bucket], begin) if bucket < len(edges) else len(taken)
                counts[bucket] += end - begin
                begin = end
            self._counts = counts
            self._total += sum(taken)
