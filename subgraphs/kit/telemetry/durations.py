"""Durations in buckets fine enough for quantiles within 5 %, with Prometheus' bounds among their edges.

A bucket is at most a twelfth of an octave wide, so that its middle is within 2.9 % of all in it: what DDSketch
(Masson, Rim and Lee, 2019) does with a logarithm, done by looking up an edge. From 0.1 µs to 72 s; what is
shorter or longer is counted there.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, repeat
from typing import Final, NamedTuple

from subgraphs.kit.telemetry.buckets import Buckets

__all__ = ["BOUNDS", "EDGES", "Durations", "Seen", "quantile", "sparse_quantile"]

BOUNDS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
"""The upper bounds of what Prometheus is told, in seconds; the last bucket has none."""
_STEPS: Final = 12
EDGES: Final = tuple(sorted({*BOUNDS, *(1e-7 * 2 ** (step / _STEPS) for step in range(_STEPS * 59 // 2))}))
"""The upper bounds of the buckets; a last one has none."""
_AT_BOUNDS: Final = (0, *(EDGES.index(bound) + 1 for bound in BOUNDS), len(EDGES) + 1)


class Seen(NamedTuple):
    """An observation that belongs to a trace."""

    trace: str
    seconds: float
    at: float
    """Seconds since 1970."""


class Durations(Buckets):
    """Seconds by the buckets of EDGES."""

    __slots__ = ("_now", "exemplars")

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        super().__init__(EDGES)
        self._now = now
        self.exemplars: dict[int, Seen] = {}
        """The latest of a sampled trace, by the bucket of BOUNDS."""

    def observe(self, seconds: float, trace: str | None = None, times: int = 1) -> None:
        """Count one, or several of the same length; of a sampled trace, as an example."""
        if times == 1:
            self.latest.append(seconds)
        else:
            self.latest.extend(repeat(seconds, times))
        if trace is not None:
            self.exemplars[bisect_left(BOUNDS, seconds)] = Seen(trace, seconds, self._now())
        self.settle()

    def by_bound(self) -> list[int]:
        """How many in each bucket of BOUNDS, the last without one included."""
        counts = list(self.counts)
        return [sum(counts[low:high]) for low, high in pairwise(_AT_BOUNDS)]


def quantile(counts: Sequence[int], share: float) -> float | None:
    """The seconds that this share (0 to 1) of what was counted does not exceed, within 5 %; None of nothing.

    ``counts`` are a ``Durations``', or the difference of two taken at different times.
    """
    return sparse_quantile(enumerate(counts), sum(counts), share)


def sparse_quantile(buckets: Iterable[tuple[int, int]], total: int, share: float) -> float | None:
    """The same of some buckets alone: their indices in EDGES, ascending, with counts that add up to ``total``."""
    if not total:
        return None
    rank = max(1, round(share * total))
    below = 0
    index = next(i for i, count in buckets if (below := below + count) >= rank)
    if index == 0:
        return EDGES[0]
    low, high = EDGES[index - 1], EDGES[min(index, len(EDGES) - 1)]
    return 2 * low * high / (low + high)
