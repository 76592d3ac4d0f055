"""The response's shape: which objects it has where, and which fields each has, in the client's order.

A ``Position`` is a place of objects, a ``Variant`` what an object of some type has there, a ``Slot`` one field.
Where an abstract position's selection is the same for every type, one variant stands for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from graphql import (
    DocumentNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
)

from gateway.compiling.analysis.collecting import Collector, FieldGroup
from gateway.compiling.errors import NotCompilable
from gateway.supergraph.conditions import TypeConditions

__all__ = ["TYPENAME", "Place", "Position", "ShapeBuilder", "Slot", "Variant"]

TYPENAME = "__typename"
_MOST_SLOTS = 4000
"""Fields of all variants together; larger operations are run on the exact path."""

_EXACT = frozenset({"String", "ID", "Int", "Boolean"})

Place: TypeAlias = tuple[str, ...]
"""Where a position is: response keys from the root, each after the type it is a field of, ``*`` for any."""


@dataclass(eq=False, slots=True)
class Slot:
    """A field of a variant."""

    key: str
    type: GraphQLOutputType | None
    """None for ``__typename``."""
    hidden: bool
    """Whether it is fetched for the plan's sake alone."""
    position: Position | None = None
    providers: list[int] = field(default_factory=list)
    """The numbers of the steps that fill it, in the plan's order."""
    immediate: bool = False
    """Whether it comes with the object itself."""

    @property
    def compares(self) -> bool:
        """Whether its values are equal for Python exactly where they are for JSON: a leaf, no list, no number that
        may be written in several ways.
        """
        if self.position is not None:
            return False
        if self.type is None:
            return True
        named = get_named_type(self.type)
        exact = not isinstance(named, GraphQLScalarType) or named.name in _EXACT
        return exact and not _is_list(self.type)


@dataclass(eq=False, slots=True)
class Variant:
    """What objects of ``types`` have. Several types only where the position is uniform."""

    types: tuple[str, ...]
    slots: dict[str, Slot]
    named: bool = False
    """Whether an answer says ``__typename`` of its objects."""


@dataclass(eq=False, slots=True)
class Position:
    """A place of objects of one declared type."""

    place: Place
    declared: str
    abstract: bool
    variants: tuple[Variant, ...]
    listed: bool
    """Whether it is under a list anywhere: more than one object may be there."""
    creator: int = -1
    """The step whose answer has the objects; -1 for the root."""

    @property
    def uniform(self) -> bool:
        """Whether one variant stands for several types."""
        return len(self.variants[0].types) > 1

    @property
    def tells_types(self) -> bool:
        """Whether its objects have to say of which type they are."""
        return len(self.variants) > 1 or self.uniform


class ShapeBuilder:
    """Builds the shape of one operation by the API schema; hidden fields are added from the whole schema."""

    def __init__(
        self,
        api: GraphQLSchema,
        whole: GraphQLSchema,
        document: DocumentNode,
        variables: Mapping[str, object],
        exploded: frozenset[Place],
    ) -> None:
        self._api = api
        self._whole = whole
        self._collector = Collector(document, variables, TypeConditions(api))
        self._exploded = exploded
        self._left = _MOST_SLOTS

    def root(self, operation: OperationDefinitionNode) -> Position:
        """The whole shape. Raises NotCompilable."""
        root = self._api.get_root_type(operation.operation)
        if root is None:
            raise NotCompilable("no root type")
        groups = self._collector.collect(root.name, (operation.selection_set,))
        if any(group.name in ("__schema", "__type") for group in groups.values()):
            raise NotCompilable("introspection")
        variant = self._variant((root.name,), groups, (), listed=False)
        return Position((), root.name, False, (variant,), False)

    def hidden(self, parent: Position, variant: Variant, key: str, name: str) -> Slot:
        """Add a field that the client did not ask for. Raises NotCompilable."""
        self._spend(1)
        if name == TYPENAME:
            slot = Slot(key, None, hidden=True)
        else:
            declared = self._field(self._whole, variant.types[0], name)
            slot = Slot(key, declared, hidden=True)
            named = get_named_type(declared)
            if is_composite_type(named):
                place = (*parent.place, self._tag(variant), key)
                slot.position = self._empty(named.name, place, parent.listed or _is_list(declared))
        variant.slots[key] = slot
        return slot

    def _empty(self, name: str, place: Place, listed: bool) -> Position:
        known = self._whole.type_map[name]
        if not is_abstract_type(known):
            return Position(place, name, False, (Variant((name,), {}),), listed)
        types = tuple(sorted(one.name for one in self._whole.get_possible_types(known)))
        if place in self._exploded:
            return Position(place, name, True, tuple(Variant((one,), {}) for one in types), listed)
        return Position(place, name, True, (Variant(types, {}),), listed)

    def _position(self, name: str, group: FieldGroup, place: Place, listed: bool) -> Position:
        known = self._api.type_map[name]
        if isinstance(known, GraphQLObjectType):
            groups = self._collector.below(group, name)
            return Position(place, name, False, (self._variant((name,), groups, place, listed),), listed)
        assert is_abstract_type(known)  # noqa: S101
        types = tuple(sorted(one.name for one in self._api.get_possible_types(known)))
        found = {one: self._collector.below(group, one) for one in types}
        if place not in self._exploded and self._alike(found):
            variant = self._variant(types, found[types[0]], place, listed)
            return Position(place, name, True, (variant,), listed)
        variants = tuple(self._variant((one,), groups, place, listed) for one, groups in found.items())
        return Position(place, name, True, variants, listed)

    def _alike(self, found: Mapping[str, dict[str, FieldGroup]]) -> bool:
        """Whether every type has the same fields from the same selections, of the same declared types."""
        if not found:
            raise NotCompilable("a type without possible types")
        (first, groups), *others = found.items()
        return all(
            list(groups) == list(theirs)
            and all(
                [id(n) for n in group.nodes] == [id(n) for n in theirs[key].nodes]
                and (
                    group.name == TYPENAME
                    or str(self._field(self._api, first, group.name))
                    == str(self._field(self._api, other, group.name))
                )
                for key, group in groups.items()
            )
            for other, theirs in others
        )

    def _variant(
        self, types: tuple[str, ...], groups: Mapping[str, FieldGroup], place: Place, listed: bool
    ) -> Variant:
        self._spend(len(groups) + 1)
        variant = Variant(types, {})
        for key, group in groups.items():
            if group.name == TYPENAME:
                variant.slots[key] = Slot(key, None, hidden=False)
                continue
            declared = self._field(self._api, types[0], group.name)
            slot = variant.slots[key] = Slot(key, declared, hidden=False)
            named = get_named_type(declared)
            if not is_leaf_type(named):
                below = (*place, self._tag(variant), key)
                slot.position = self._position(named.name, group, below, listed or _is_list(declared))
        return variant

    @staticmethod
    def _tag(variant: Variant) -> str:
        return variant.types[0] if len(variant.types) == 1 else "*"

    @staticmethod
    def _field(schema: GraphQLSchema, type_name: str, name: str) -> GraphQLOutputType:
        owner = schema.type_map.get(type_name)
        if not isinstance(owner, GraphQLObjectType | GraphQLInterfaceType) or name not in owner.fields:
            raise NotCompilable(f"{type_name} has no {name}")
        declared: GraphQLOutputType = owner.fields[name].type
        return declared

    def _spend(self, slots: int) -> None:
        self._left -= slots
        if self._left < 0:
            raise NotCompilable("too large")


def _is_list(declared: GraphQLOutputType) -> bool:
    return "[" in str(declared)
