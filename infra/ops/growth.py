"""What each resolver, operation and fetch did between two looks: the difference of two states of its sketch."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, compress
from operator import gt, sub
from typing import NamedTuple, Protocol, TypeAlias

from subgraphs.kit.telemetry.durations import Durations, sparse_quantile

__all__ = ["Cell", "Delta", "Growth", "Key", "Total"]

Key: TypeAlias = tuple[str, str, str]
"""Service, type and field; or ``operation``, its kind and its name; or ``fetch``, the subgraph and nothing."""


class Cell(Protocol):
    """What counts: ``kit.telemetry.resolver_times.ResolverCell`` is one."""

    executions: int
    operations: int
    ok: Durations
    error: Durations


@dataclass(frozen=True, slots=True)
class Delta:
    """What became of one cell. Durations are of what ended, executions are counted where they begin."""

    executions: int
    operations: int
    errors: int
    seconds: float
    packed: array[int]
    """An index in EDGES, how many there, the next index and so on, ascending."""
    p95: float | None

    def buckets(self) -> Iterator[tuple[int, int]]:
        """Index in EDGES and count."""
        numbers = iter(self.packed)
        return zip(numbers, numbers, strict=False)


@dataclass(slots=True)
class Total:
    """Several deltas of one cell, added up."""

    executions: int = 0
    operations: int = 0
    errors: int = 0
    seconds: float = 0.0
    counts: dict[int, int] = field(default_factory=dict)

    def add(self, delta: Delta) -> None:
        """And one more."""
        self.executions += delta.executions
        self.operations += delta.operations
        self.errors += delta.errors
        self.seconds += delta.seconds
        if self.counts:
            known = self.counts.get
            self.counts.update([(index, known(index, 0) + count) for index, count in delta.buckets()])
        else:
            self.counts = dict(delta.buckets())

    def add_all(self, other: Total) -> None:
        """And what another process counted."""
        self.executions += other.executions
        self.operations += other.operations
        self.errors += other.errors
        self.seconds += other.seconds
        for index, count in other.counts.items():
            self.counts[index] = self.counts.get(index, 0) + count

    def ended(self) -> int:
        """How many durations there are."""
        return sum(self.counts.values())

    def quantile(self, share: float) -> float | None:
        """Seconds, within 5 %; None where nothing ended."""
        return sparse_quantile(sorted(self.counts.items()), self.ended(), share)


_STRETCH = 32
"""Buckets that are compared at once."""


class _State(NamedTuple):
    cell: Cell | None
    executions: int
    operations: int
    ok: float
    error: float
    ok_counts: list[int]
    error_counts: list[int]


_NOTHING = _State(None, 0, 0, 0.0, 0.0, [], [])


class Growth:
    """Compares with the look before; what did nothing costs three comparisons, and is not told."""

    def __init__(self, read: Callable[[], Mapping[Key, Cell]]) -> None:
        self._read = read
        self._before: dict[Key, _State] = {}

    def take(self) -> dict[Key, Delta]:
        """What grew since it was asked last. The first time that is everything since the start."""
        found, grown, states = self._read(), {}, {}
        for key, cell in found.items():
            before = self._before.get(key, _NOTHING)
            if before.cell is not cell:  # it was forgotten, and has come back
                before = _NOTHING
            if (cell.executions, cell.ok.total, cell.error.total) == (
                before.executions,
                before.ok,
                before.error,
            ):
                states[key] = before
                continue
            states[key] = now = _State(
                cell,
                cell.executions,
                cell.operations,
                cell.ok.total,
                cell.error.total,
                list(cell.ok.counts),
                list(cell.error.counts),
            )
            grown[key] = _delta(before, now)
        self._before = states
        return grown


def _delta(before: _State, now: _State) -> Delta:
    if any(map(gt, before[1:5], now[1:5])):  # nothing that counts falls: it was begun anew
        before = _NOTHING
    errors = _grown(before.error_counts, now.error_counts) if now.error != before.error else []
    pairs = _grown(before.ok_counts, now.ok_counts)
    if errors:
        counts = dict(pairs)
        for index, count in errors:
            counts[index] = counts.get(index, 0) + count
        pairs = sorted(counts.items())
    return Delta(
        max(0, now.executions - before.executions),
        max(0, now.operations - before.operations),
        sum(count for _, count in errors),
        now.ok + now.error - before.ok - before.error,
        array("I", chain.from_iterable(pairs)),
        sparse_quantile(pairs, sum(count for _, count in pairs), 0.95),
    )


def _grown(before: list[int], now: list[int]) -> list[tuple[int, int]]:
    """Index and growth of the buckets that have any: most of some hundred have none, and are passed by the stretch."""
    if not before:
        return list(compress(enumerate(now), now))
    found: list[tuple[int, int]] = []
    for start in range(0, len(now), _STRETCH):
        later, earlier = now[start : start + _STRETCH], before[start : start + _STRETCH]
        if later != earlier:
            grown = list(map(sub, later, earlier))
            found += compress(enumerate(grown, start), grown)
    return found
