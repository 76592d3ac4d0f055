"""Who may have what: the requirements of ``@authenticated``, ``@requiresScopes`` and ``@policy``.

Composition has joined what several subgraphs require and told interfaces what their implementations require
(https://specs.apollo.dev/requiresScopes/v0.1). Here they are only read, and held against what a caller has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DirectiveNode,
    GraphQLInterfaceType,
    GraphQLSchema,
    GraphQLUnionType,
    value_from_ast_untyped,
)

from gateway.federation.directives import GUARDS
from gateway.supergraph.features import Features

__all__ = ["Authorization", "Denied", "Granted", "Requirement", "read_authorization"]

_Alternatives = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Granted:
    """What a caller has."""

    authenticated: bool = False
    scopes: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a type or a field requires; of scopes and of policies all of one alternative, where there are any."""

    authenticated: bool = False
    scopes: _Alternatives = ()
    policies: _Alternatives = ()

    def is_met(self, granted: Granted) -> bool:
        """Whether the caller has all of it."""
        if self.authenticated and not granted.authenticated:
            return False
        return _any(self.scopes, granted.scopes) and _any(self.policies, granted.policies)


@dataclass(frozen=True, slots=True)
class Denied:
    """What a caller does not get: types by name, fields by their type's name and their own.

    Of abstract types it is what is denied of each of their object types.
    """

    types: frozenset[str] = frozenset()
    fields: frozenset[tuple[str, str]] = frozenset()
    mixed: frozenset[str] = frozenset()
    """Abstract types of whose objects it depends on their own type what is denied."""

    def holds_back(self, parent: str, field: str, kind: str) -> bool:
        """Whether a field of an object of type ``parent``, itself of type ``kind``, is not for this caller."""
        return (parent, field) in self.fields or kind in self.types or parent in self.types

    def __bool__(self) -> bool:
        return bool(self.types or self.fields)


_NOTHING = Denied()
_MOST_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Abstract:
    """What there is of an abstract type."""

    objects: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Authorization:
    """The requirements of a graph."""

    types: Mapping[str, Requirement] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], Requirement] = field(default_factory=dict)
    abstract: Mapping[str, Abstract] = field(default_factory=dict)
    _known: dict[Granted, Denied] = field(default_factory=dict, compare=False)

    @property
    def authorizes(self) -> bool:
        """Whether anything is not for everybody."""
        return bool(self.types or self.fields)

    def denied(self, granted: Granted) -> Denied:
        """What this caller does not get; the same object for the same outcome as long as it is remembered."""
        if not self.authorizes:
            return _NOTHING
        known = self._known.get(granted)
        if known is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[granted] = self._worked_out(granted)
        return known

    def _worked_out(self, granted: Granted) -> Denied:
        types = {name for name, one in self.types.items() if not one.is_met(granted)}
        fields = {place for place, one in self.fields.items() if not one.is_met(granted)}
        mixed: set[str] = set()
        wholly: set[str] = set()
        for name, one in self.abstract.items() if types or fields else ():
            held = types.intersection(one.objects)
            if held:
                (mixed if len(held) < len(one.objects) else wholly).add(name)
            for own in one.fields:
                denied = {kind for kind in one.objects if kind in types or (kind, own) in fields}
                if len(denied) == len(one.objects) > 0:
                    fields.add((name, own))
                elif denied:
                    mixed.add(name)
        return Denied(frozenset(types | wholly), frozenset(fields), frozenset(mixed))


def read_authorization(schema: GraphQLSchema, api: GraphQLSchema, features: Features) -> Authorization:
    """The requirements that a supergraph's schema has, under whatever names its directives go; ``api`` is what of it
    clients see."""
    names = {local: name for name in GUARDS if (local := features.directive(name, name)) is not None}
    if not names:
        return Authorization()
    types: dict[str, Requirement] = {}
    fields: dict[tuple[str, str], Requirement] = {}
    for name, kind in schema.type_map.items():
        found = _requirement(_directives(kind), names)
        if found is not None:
            types[name] = found
        for field_name, declared in (getattr(kind, "fields", None) or {}).items():
            found = _requirement(_directives(declared), names)
            if found is not None:
                fields[name, field_name] = found
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInterfaceType):
            _hand_down(schema, kind, types, fields)
    return Authorization(types, fields, _abstract(api))


def _abstract(api: GraphQLSchema) -> dict[str, Abstract]:
    return {
        name: Abstract(
            tuple(one.name for one in api.get_possible_types(kind)), tuple(getattr(kind, "fields", ()))
        )
        for name, kind in api.type_map.items()
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType)
    }


def _hand_down(
    schema: GraphQLSchema,
    kind: GraphQLInterfaceType,
    types: dict[str, Requirement],
    fields: dict[tuple[str, str], Requirement],
) -> None:
    """What an interface requires is left to its object types: they are what is held back.

    Composition tells interfaces what any of their types requires. Only where none of them requires anything is it
    the interface's own word, and then it is for all of them.
    """
    objects = [one.name for one in schema.get_implementations(kind).objects]
    required = types.pop(kind.name, None)
    if required is not None and not any(name in types for name in objects):
        types.update(dict.fromkeys(objects, required))
    for field_name in kind.fields:
        required = fields.pop((kind.name, field_name), None)
        if required is not None and not any((n, field_name) in fields or n in types for n in objects):
            fields.update({(name, field_name): required for name in objects})


def _directives(defined: Any) -> Iterator[DirectiveNode]:
    for node in (defined.ast_node, *(getattr(defined, "extension_ast_nodes", None) or ())):
        if node is not None:
            yield from node.directives or ()


def _requirement(directives: Iterable[DirectiveNode], names: Mapping[str, str]) -> Requirement | None:
    authenticated, scopes, policies = False, _Alternatives(), _Alternatives()
    seen = False
    for directive in directives:
        name = names.get(directive.name.value)
        if name is None:
            continue
        seen = True
        if name == "authenticated":
            authenticated = True
        elif name == "requiresScopes":
            scopes = _alternatives(directive)
        else:
            policies = _alternatives(directive)
    return Requirement(authenticated, scopes, policies) if seen else None


def _alternatives(directive: DirectiveNode) -> _Alternatives:
    for argument in directive.arguments or ():
        given = value_from_ast_untyped(argument.value)
        if isinstance(given, list):
            return tuple(
                frozenset(str(item) for item in (one if isinstance(one, list) else [one])) for one in given
            )
    return ()


def _any(alternatives: _Alternatives, had: frozenset[str]) -> bool:
    return not alternatives or any(one <= had for one in alternatives)
