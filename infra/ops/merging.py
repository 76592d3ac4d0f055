"""What the replicas of all services told, as if each service were one process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from infra.ops.ask import Number, Part

__all__ = ["Told", "away", "merged_gauges", "total_rows"]

Told = Mapping[str, Sequence[Part | None]]
"""By service what each of its replicas told; None of one that did not answer."""


def away(told: Told) -> list[str]:
    """Services that did not tell of themselves; of those that did in part, how many replicas did not."""
    silent = {name: parts.count(None) for name, parts in told.items() if None in parts}
    return sorted(
        name if count == len(told[name]) else f"{name} ({count} of {len(told[name])})"
        for name, count in silent.items()
    )


def total_rows(told: Told) -> int:
    """How many resolvers there are: those that replicas have in common once, as far as they told of them."""
    return sum(_total([part for part in parts if part is not None]) for parts in told.values())


def _total(parts: Sequence[Part]) -> int:
    known = {(row.service, row.type_name, row.field) for part in parts for row in part.rows}
    return max([len(known) if len(parts) > 1 else 0, *(part.total for part in parts)])


def merged_gauges(parts: Iterable[Part]) -> list[Number]:
    """One number for each name and labels: what holds at all holds everywhere, the oldest is the oldest of all, and
    the rest is added up."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], Number] = {}
    for part in parts:
        for one in part.gauges:
            key = (one.name, tuple(sorted(one.labels.items())))
            known = found.get(key)
            value = one.value if known is None else _merged(one.name, known.value, one.value)
            found[key] = Number(one.name, one.labels, value)
    return list(found.values())


def _merged(name: str, one: float, other: float) -> float:
    if name.endswith("_up"):
        return min(one, other)
    return max(one, other) if name.endswith(("_seconds", "_open")) else one + other
