"""Composite objects that come again and again: decoded once, filled once, encoded once.

Where an answer has equal bytes for an object, all that follows is equal too: what is fetched for it, and what the
client gets of it. Looking at bytes costs more than decoding where little is equal, so whether it pays is learnt from
the first answers, place by place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.compiling.analysis.reading import Given, GivenField
from gateway.compiling.analysis.shape import Place, Position, Slot, Variant

__all__ = ["Packed", "Usage", "packable"]

_FEW_LEAVES = 3
_RUNS = 8
"""Answers that are looked at before anything is decided."""
_TIMES, _BYTES = 3, 200
"""How often an object has to come on average, and how large it has to be, to be worth it."""


@dataclass(eq=False, frozen=True, slots=True)
class Packed:
    """A position whose objects are told apart by their bytes; ``slot`` of ``owner`` is where they are."""

    position: Position
    owner: Variant
    slot: Slot


def packable(givens: Iterable[Given], merged: set[Position]) -> Iterator[Packed]:
    """What can be packed of a step's answer: large objects in lists that no other answer adds to in place."""
    for given in givens:
        yield from _below(given, merged, owned=False)


def _below(given: Given, merged: set[Position], *, owned: bool) -> Iterator[Packed]:
    for variant, fields, _ in given.branches():
        for one in fields:
            if one.below is None:
                continue
            if owned and one.creates and one.below.position not in merged and _is_large(one):
                yield Packed(one.below.position, variant, one.slot)
            yield from _below(one.below, merged, owned=one.creates)


def _is_large(one: GivenField) -> bool:
    """Whether it is one object, of some size, among many."""
    assert one.below is not None  # noqa: S101
    single = not one.slot.hidden and one.below.position.listed and "[" not in str(one.slot.type)
    return single and any(
        len(fields) > _FEW_LEAVES or any(f.below is not None for f in fields) for fields in one.below.fields
    )


@dataclass(slots=True)
class Usage:
    """How a compiled operation fares; ``trees`` where a subgraph answered with objects instead of bytes."""

    runs: int = 0
    trees: bool = False
    places: dict[Place, int] = field(default_factory=dict)
    distinct: dict[Place, int] = field(default_factory=dict)
    size: dict[Place, int] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether enough answers have been seen."""
        return self.runs >= _RUNS

    def note(self, packed: Mapping[Place, int], state: list[Any]) -> None:
        """Count one answer's objects, ``packed`` saying where in the state they are."""
        if self.is_known:
            return
        self.runs += 1
        for place, number in packed.items():
            entries = state[number].values()
            self.places[place] = self.places.get(place, 0) + sum(len(entry) - 2 for entry in entries)
            self.distinct[place] = self.distinct.get(place, 0) + len(entries)
            self.size[place] = self.size.get(place, 0) + sum(len(entry[0]) for entry in entries)

    def worth(self) -> frozenset[Place]:
        """Where objects come often enough."""
        return frozenset(
            place
            for place, distinct in self.distinct.items()
            if self.places[place] >= _TIMES * distinct and self.size[place] >= _BYTES * distinct > 0
        )
