"""What compiled code has to look at: everything else goes from the subgraph to the client untouched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphql import GraphQLNonNull

from gateway.compiling.analysis.packing import Packed, packable
from gateway.compiling.analysis.reading import Given, GivenField, Step
from gateway.compiling.analysis.requirements import Requirement
from gateway.compiling.analysis.shape import Place, Position, Slot, Variant
from gateway.compiling.errors import NotCompilable

__all__ = ["Analysis", "Branch", "analyse", "telling"]

_MOST_COMPARED = 3
"""Leaves of a reference: objects with more are not worth comparing."""


@dataclass(eq=False, slots=True)
class Branch:
    """The objects of one variant that a step is about; ``strict``: what it gives them has to come."""

    position: Position
    variant: Variant
    fields: tuple[GivenField, ...]
    requirement: Requirement | None
    strict: bool


@dataclass(eq=False, slots=True)
class Analysis:
    """What the code of all steps agrees on. Lists and dictionaries are numbered: they are the state's elements."""

    branches: dict[int, tuple[Branch, ...]]
    lists: dict[Position, int] = field(default_factory=dict)
    """Where objects are listed as they come, for what is done with them later."""
    interned: dict[Variant, int] = field(default_factory=dict)
    """Where equal references become one object."""
    packed: dict[Position, tuple[int, Packed]] = field(default_factory=dict)
    """Where objects with equal bytes become one."""
    candidates: frozenset[Place] = frozenset()
    """Where they could."""
    unset_late: dict[Position, dict[Variant, tuple[Slot, ...]]] = field(default_factory=dict)
    """What the client did not ask for, which steps read."""
    unset_early: dict[Variant, tuple[Slot, ...]] = field(default_factory=dict)


def analyse(
    root: Position,
    steps: tuple[Step, ...],
    requirements: dict[tuple[int, Variant], Requirement | None],
    packing: frozenset[Place],
) -> Analysis:
    """``packing``: the places of what is packed. Raises NotCompilable."""
    read = {slot for one in requirements.values() if one for slot in one.slots()}
    late = _LateReads(requirements)
    branches = {step.number: tuple(_branches(step, requirements, late)) for step in steps}
    found = Analysis(branches)
    _find_unset(root, read, found)
    merged = {given.position for step in steps for given in _merged(step)}
    targets = {branch.position: None for some in branches.values() for branch in some}
    number = 1
    for position in {**targets, **dict.fromkeys(found.unset_late)}:
        if position is not root:
            found.lists[position] = number
            number += 1
    created = {g.position: g for step in steps for g in _created(step)}
    for position, given in created.items():
        if position not in merged and position.listed and position in targets and _is_reference(given):
            found.interned[position.variants[0]] = number
            number += 1
    for one in (one for step in steps for one in packable(step.givens, merged)):
        if found.interned.keys().isdisjoint(one.position.variants):
            found.candidates |= {one.position.place}
            if one.position.place in packing:
                found.packed[one.position] = number, one
                number += 1
    return found


@dataclass(frozen=True, slots=True)
class _LateReads:
    requirements: dict[tuple[int, Variant], Requirement | None]

    def read_after(self, step: int, slot: Slot) -> bool:
        return any(
            number > step and one is not None and any(slot is s for s in one.slots())
            for (number, _), one in self.requirements.items()
        )


def _branches(
    step: Step, requirements: dict[tuple[int, Variant], Requirement | None], late: _LateReads
) -> Iterator[Branch]:
    for given in step.givens:
        for variant, fields, _ in given.branches():
            needed = requirements.get((step.number, variant))
            strict = any(_must_come(step.number, one, late) for one in fields)
            if step.is_entity and needed is None and fields:
                raise NotCompilable("objects that no representation stands for")
            yield Branch(given.position, variant, fields, needed, strict)


def _must_come(step: int, one: GivenField, late: _LateReads) -> bool:
    slot = one.slot
    if (
        slot.type is not None
        and not slot.hidden
        and (isinstance(slot.type, GraphQLNonNull) or late.read_after(step, slot))
    ):
        return True
    if one.below is None:
        return False
    return any(_must_come(step, inner, late) for fields in one.below.fields for inner in fields)


def _find_unset(root: Position, read: set[Slot], found: Analysis) -> None:
    for variant in root.variants:
        hidden = tuple(slot for slot in variant.slots.values() if slot.hidden)
        if hidden:
            compared = len(variant.types) > 1  # a later answer's type with the first one's
            late = tuple(
                slot
                for slot in hidden
                if slot.type is not None or slot in read or (compared and len(slot.providers) > 1)
            )
            if late:
                found.unset_late.setdefault(root, {})[variant] = late
            early = tuple(slot for slot in hidden if slot not in late)
            if early:
                found.unset_early[variant] = early
        for slot in variant.slots.values():
            if slot.position is not None and not slot.hidden:
                _find_unset(slot.position, read, found)


def _created(step: Step) -> Iterator[Given]:
    """What the step's answer has of positions that it creates."""
    for given in step.givens:
        yield from _created_below(given)


def _created_below(given: Given) -> Iterator[Given]:
    for fields in given.fields:
        for one in fields:
            if one.below is not None:
                if one.creates:
                    yield one.below
                yield from _created_below(one.below)


def _merged(step: Step) -> Iterator[Given]:
    """What the step's answer has of positions that another step created, and that are not its targets."""
    for given in step.givens:
        yield from _merged_below(given)


def _merged_below(given: Given) -> Iterator[Given]:
    for fields in given.fields:
        for one in fields:
            if one.below is not None:
                if not one.creates:
                    yield one.below
                yield from _merged_below(one.below)


def telling(variant: Variant, fields: tuple[GivenField, ...]) -> list[GivenField]:
    """Those by which objects are told apart: the name of their type is not where they have but one."""
    return [one for one in fields if one.slot.type is not None or len(variant.types) > 1]


def _is_reference(given: Given) -> bool:
    """Whether objects are a few leaves, so that those with equal ones stay equal whatever is added to them."""
    if len(given.position.variants) != 1:
        return False
    slots = [one.slot for one in telling(given.position.variants[0], given.fields[0])]
    return 0 < len(slots) <= _MOST_COMPARED and all(slot.compares for slot in slots)
