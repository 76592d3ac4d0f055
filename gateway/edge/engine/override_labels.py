"""Which labels of progressive overrides are active for one request.

A label ``percent(N)`` is active for that share of requests; every other label where the settings name it.
One number is drawn a request, so that there are as many plans of an operation as there are percentages, and one
more, however many labels share them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable

__all__ = ["Labels"]

_PERCENT = re.compile(r"percent\((\d{1,3}(?:\.\d+)?)\)")


class Labels:
    """The labels of a supergraph. ``chosen`` are active always; ``draw`` gives a number of at least 0 and less than 1."""

    def __init__(
        self,
        labels: Iterable[str],
        draw: Callable[[], float] = random.random,
        chosen: Iterable[str] = (),
    ) -> None:
        self._draw = draw
        self._chosen = frozenset(labels) & frozenset(chosen)
        self._shares = [
            (label, float(found[1])) for label in sorted(labels) if (found := _PERCENT.fullmatch(label))
        ]

    def active(self) -> frozenset[str]:
        """The labels of a request."""
        if not self._shares:
            return self._chosen
        drawn = self._draw() * 100
        return self._chosen | {label for label, share in self._shares if drawn < share}
