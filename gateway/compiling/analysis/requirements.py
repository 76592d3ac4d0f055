"""Representations as code: what a step sends of each object, read off the slots it is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLNonNull

from gateway.compiling.analysis.shape import TYPENAME, Slot, Variant
from gateway.compiling.errors import NotCompilable
from gateway.planning.plan import FetchNode, RequiredField, RequiredSelection, ValueSetter
from gateway.supergraph.conditions import TypeConditions

__all__ = ["Part", "Requirement", "requirement"]


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a representation. ``below``: of each variant of the slot's position what is sent of it.

    Objects of variants that are not there lack something, and what they are in is left out.
    """

    name: str
    slot: Slot | None
    """None for a constant."""
    constant: str | None = None
    skips_null: bool = False
    """Whether an object with a null there is left out: its type says that it never is."""
    below: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What is sent of objects of one variant."""

    variant: Variant
    parts: tuple[Part, ...]

    def slots(self) -> Iterator[Slot]:
        """Every slot that is read, nested ones too."""
        for part in self.parts:
            if part.slot is not None:
                yield part.slot
            for one in part.below:
                yield from one.slots()

    @property
    def is_plain(self) -> bool:
        """Whether equal representations can be told by comparing their values as Python does."""
        return all(part.slot is None or part.slot.compares for part in self.parts)


def requirement(fetch: FetchNode, variant: Variant, types: TypeConditions) -> Requirement | None:
    """What ``fetch`` sends of a variant's objects; None where it sends nothing. Raises NotCompilable."""
    made = _Making(types).requirement(fetch.requires, variant)
    if made is None or not any(part.name == TYPENAME for part in made.parts):
        return None
    return _rewritten(made, fetch, types)


@dataclass(frozen=True, slots=True)
class _Making:
    types: TypeConditions

    def requirement(self, selections: tuple[RequiredSelection, ...], variant: Variant) -> Requirement | None:
        chosen: dict[str, RequiredField] = {}
        for type_name in variant.types:
            mine = self._chosen(selections, type_name)
            if chosen and mine != chosen:
                raise NotCompilable("a requirement that differs between types told as one")
            chosen = mine
        parts = [self._part(one, variant) for one in chosen.values()]
        return (
            None if any(part is None for part in parts) else Requirement(variant, tuple(filter(None, parts)))
        )

    def _chosen(self, selections: tuple[RequiredSelection, ...], type_name: str) -> dict[str, RequiredField]:
        chosen: dict[str, RequiredField] = {}
        for one in selections:
            if isinstance(one, RequiredField):
                self._join(chosen, one)
            elif self.types.holds(type_name, one.type_condition):
                for inner in self._chosen(one.selections, type_name).values():
                    self._join(chosen, inner)
        return chosen

    @staticmethod
    def _join(chosen: dict[str, RequiredField], one: RequiredField) -> None:
        known = chosen.get(one.name)
        if known is None or known == one:
            chosen[one.name] = one
        elif known.response_key == one.response_key:
            both = (*known.selections, *one.selections)
            chosen[one.name] = RequiredField(one.name, one.response_key, both)
        else:
            raise NotCompilable("a required field from two places")

    def _part(self, one: RequiredField, variant: Variant) -> Part | None:
        """None where the objects never have it."""
        if one.name == TYPENAME:
            if not variant.named:
                return None
            slot = variant.slots.get(one.response_key) if len(variant.types) > 1 else None
            return Part(TYPENAME, slot, None if slot else variant.types[0])
        slot = variant.slots.get(one.response_key)
        if slot is None or slot.type is None or not slot.providers:
            return None
        never = all(self.types.never_null(name, one.name) for name in variant.types)
        skips = never and not isinstance(slot.type, GraphQLNonNull)
        if slot.position is None:
            return Part(one.name, slot, skips_null=skips)
        below = (self.requirement(one.selections, inner) for inner in slot.position.variants)
        return Part(one.name, slot, skips_null=skips, below=tuple(filter(None, below)))


def _rewritten(made: Requirement, fetch: FetchNode, types: TypeConditions) -> Requirement:
    parts = made.parts
    for rewrite in fetch.input_rewrites:
        if not isinstance(rewrite, ValueSetter) or rewrite.path[-1] != TYPENAME:
            raise NotCompilable("an input rewrite")
        conditions = [step.removeprefix("... on ") for step in rewrite.path[:-1]]
        holds = {all(types.holds(name, one) for one in conditions) for name in made.variant.types}
        if len(holds) > 1:
            raise NotCompilable("an input rewrite of some types told as one")
        if holds == {True}:
            parts = tuple(Part(TYPENAME, None, rewrite.value) if p.name == TYPENAME else p for p in parts)
    return Requirement(made.variant, parts)
