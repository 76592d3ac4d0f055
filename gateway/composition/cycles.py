"""What needs itself, directly or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

__all__ = ["find_cycle"]


def find_cycle(needs: Mapping[str, Iterable[str]]) -> list[str] | None:
    """Names each of which needs its neighbour, from one round to the same; None where nothing needs itself."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return None
