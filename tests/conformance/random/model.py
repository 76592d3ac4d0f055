"""A federated graph as the generator knows it: whole types, and what each subgraph has of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from graphql import SelectionSetNode, parse
from graphql.language import OperationDefinitionNode

__all__ = ["Argument", "At", "Field", "Graph", "Key", "Type", "Wanted", "named", "parse_fields"]


@dataclass(frozen=True)
class Argument:
    """An argument; ``default`` is GraphQL text."""

    name: str
    type: str
    default: str | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.type}" + (f" = {self.default}" if self.default else "")


@dataclass
class At:
    """What one subgraph says of a field."""

    external: bool = False
    shareable: bool = False
    requires: str | None = None
    provides: str | None = None
    override: tuple[str, str | None] | None = None
    """From which subgraph, under which label."""
    non_null: bool = False
    """Declared never null here, whatever it is in the whole graph."""


@dataclass
class Field:
    """A field of the whole graph. ``owner`` names what its values are computed from."""

    name: str
    type: str
    owner: str
    args: tuple[Argument, ...] = ()
    at: dict[str, At] = field(default_factory=dict)
    inaccessible: bool = False
    flaky: bool = False
    never_null: bool = False
    key: bool = False
    targets: tuple[str, ...] = ()
    """Object types an abstract field gives."""
    context: str | None = None
    """The argument ``above``, which clients do not see, is this field of the object above."""

    def resolvers(self) -> list[str]:
        """The subgraphs that answer for it under some label or none."""
        gone = {one.override[0] for one in self.at.values() if one.override and one.override[1] is None}
        return [sub for sub, one in self.at.items() if not one.external and sub not in gone]

    @property
    def requirement(self) -> str | None:
        """What its value depends on."""
        return next((one.requires for one in self.at.values() if one.requires), None)


@dataclass(frozen=True)
class Key:
    """One ``@key`` of one subgraph."""

    fields: str
    resolvable: bool = True


@dataclass
class Type:
    """``kind`` is object, interface or union; ``subs`` are the subgraphs that have it, with their keys."""

    name: str
    kind: str
    fields: dict[str, Field] = field(default_factory=dict)
    subs: dict[str, list[Key]] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    """Of an interface or union: the object types it can be in each subgraph."""
    interface_objects: set[str] = field(default_factory=set)
    """The subgraphs that take the interface for an object."""
    key_choices: list[str] = field(default_factory=list)
    context_of: str | None = None
    """The subgraph in which it sets the context ``holder``."""
    shown: dict[str, set[str]] = field(default_factory=dict)
    """Of an interface: the fields it has in each subgraph."""

    @property
    def entity(self) -> bool:
        """Whether it has keys."""
        return bool(self.key_choices)


@dataclass
class Graph:
    """``count`` instances of each entity exist."""

    seed: int
    subgraphs: list[str]
    types: dict[str, Type] = field(default_factory=dict)
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    count: int = 4

    def possible(self, name: str) -> set[str]:
        """The object types ``name`` can be anywhere."""
        known = self.types[name]
        return {name} if known.kind == "object" else set().union(*known.members.values())

    def interfaces_of(self, name: str) -> list[Type]:
        """The interfaces an object type implements anywhere."""
        return [
            one
            for one in self.types.values()
            if one.kind == "interface" and any(name in members for members in one.members.values())
        ]

    def field_of(self, type_name: str, field_name: str) -> Field:
        """A field of an object, its own or one an interface object gives it; or an interface's."""
        known = self.types[type_name].fields.get(field_name)
        if known is not None:
            return known
        for interface in self.interfaces_of(type_name):
            if field_name in interface.fields:
                return interface.fields[field_name]
        for member in self.possible(type_name):
            if field_name in self.types[member].fields:
                return self.types[member].fields[field_name]
        raise KeyError(f"{type_name}.{field_name}")


@dataclass(frozen=True)
class Wanted:
    """An operation for a graph, the variables it is run with, and the labels that are active."""

    text: str
    variables: dict[str, object]
    labels: frozenset[str] = frozenset()


def named(type_text: str) -> str:
    """The type without lists and non-nulls."""
    return re.sub(r"[\[\]!]", "", type_text)


def parse_fields(text: str) -> SelectionSetNode:
    """A field set."""
    operation = parse("{" + text + "}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return operation.selection_set
