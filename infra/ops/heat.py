"""Durations over time as a grid: rows of twice the duration each, columns of some seconds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Final

from infra.ops.growth import Delta, Key
from subgraphs.kit.telemetry.durations import EDGES

__all__ = ["ROWS", "added", "by_row", "row_of"]

ROWS: Final = tuple(1e-7 * 2**step for step in range(10, 27))
"""The upper bounds of the rows in seconds, from 0.1 ms to 6.7 s, each an edge of the sketch; a last row has none."""
_ROW: Final = tuple(bisect_left(ROWS, edge) for edge in (*EDGES, EDGES[-1] * 2))


def row_of(delta: Delta) -> list[int]:
    """One cell's durations by row."""
    rows = [0] * (len(ROWS) + 1)
    for index, count in delta.buckets():
        rows[_ROW[index]] += count
    return rows


def by_row(resolvers: Mapping[Key, Delta]) -> dict[str, list[int]]:
    """Those of each service."""
    found: dict[str, list[int]] = {}
    for (service, _, _), delta in resolvers.items():
        rows = found.get(service)
        if rows is None:
            rows = found[service] = [0] * (len(ROWS) + 1)
        for index, count in delta.buckets():
            rows[_ROW[index]] += count
    return found


def added(parts: Iterable[Iterable[int]]) -> list[int]:
    """Rows of several, added up; empty where there are none."""
    return [sum(numbers) for numbers in zip(*parts, strict=True)]
