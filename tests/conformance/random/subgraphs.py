"""Subgraphs in this process that refuse whatever a subgraph may not be asked.

Queries are validated against the subgraph's own schema. An external field is answered only where the way
to it provides it, an overridden one only where its label says so, a field that requires others only from
a representation that holds them, and a representation only where it is of a key and of required fields.
Whatever is refused is noted in ``faults``: a right answer does not excuse a wrong question.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionSetNode,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from gateway.transport.protocol import SubgraphAnswer, SubgraphRequest, SubgraphTransport
from tests.conformance.random.model import At, Field, Graph, Key, named, parse_fields
from tests.conformance.random.sdl import subgraph_sdl
from tests.conformance.random.world import Failure, Obj, World

__all__ = ["StrictSubgraph"]


@dataclass(frozen=True)
class _Seen:
    """An object as the subgraph has it: by its own name for the type, from where, with what provided."""

    obj: Obj
    type: str
    representation: Mapping[str, Any] | None = None
    provided: tuple[SelectionSetNode, ...] = ()


class Refused(Exception):
    """What the subgraph may not be asked."""


class StrictSubgraph(SubgraphTransport):
    """One subgraph of a graph; ``labels`` are those active now."""

    def __init__(self, graph: Graph, name: str, world: World) -> None:
        self.graph = graph
        self.name = name
        self.world = world
        self.labels: frozenset[str] = frozenset()
        self.faults: list[str] = []
        self.asked: list[str] = []
        self._found: dict[tuple[str, str], dict[str, Obj]] = {}
        self.schema: GraphQLSchema = build_schema(subgraph_sdl(graph, name, federated=False))
        for kind in self.schema.type_map.values():
            if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
                kind.resolve_type = lambda value, *_: value.type
            elif isinstance(kind, GraphQLObjectType) and kind.name in graph.types:
                for field_name, field in kind.fields.items():
                    field.resolve = self._resolver(kind.name, field_name)

    # The transport

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Answer, or note a fault."""
        self.asked.append(f"{request.query} {json.dumps(request.variables)}")
        document = parse(request.query)
        for error in validate(self.schema, document):
            self._fault(f"{error.message} in {request.query}")
        result = execute_sync(self.schema, document, variable_values=dict(request.variables))
        assert isinstance(result, ExecutionResult)
        for one in result.errors or ():
            if not isinstance(one.original_error, Failure) and not isinstance(one.original_error, Refused):
                # A failure below a field that is never null is told of by the failure itself.
                self._fault(f"{one.message} in {request.query} with {request.variables}")
        return SubgraphAnswer(result.data, [one.formatted for one in result.errors or ()])

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        """No subgraph here has events."""
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing is held."""

    def _fault(self, text: str) -> None:
        self.faults.append(f"{self.name}: {text}")

    def _refuse(self, text: str) -> Refused:
        self._fault(text)
        return Refused(text)

    # Fields

    def _resolver(self, type_name: str, name: str) -> Callable[..., Any]:
        if name == "_entities":
            return self._entities
        field = self.graph.field_of(type_name, name)
        at = field.at.get(self.name, At())

        def resolve(parent: _Seen | None, _: object, **args: Any) -> Any:
            seen = parent or _Seen(Obj(type_name, ""), type_name)
            provided = self._provided(seen, name)
            self._may_be_asked(f"{type_name}.{name}", field, at, provided=bool(provided))
            required = self._required(seen, field, at) if not provided else None
            if provided and field.requirement:
                required = self.world.requirement(seen.obj, field)
            below = [one for one in provided if isinstance(one, SelectionSetNode)]
            if at.provides:
                below.append(parse_fields(at.provides))
            return self._see(self.world.value(seen.obj, field, args, required), field, tuple(below))

        return resolve

    def _provides(
        self, type_name: str, group: SelectionSetNode, name: str
    ) -> Iterable[SelectionSetNode | FieldNode]:
        for one in group.selections:
            if isinstance(one, FieldNode) and one.name.value == name:
                yield one.selection_set or one
            elif isinstance(one, InlineFragmentNode):
                condition = one.type_condition
                if condition is None or type_name in self.graph.possible(condition.name.value):
                    yield from self._provides(type_name, one.selection_set, name)

    def _may_be_asked(self, place: str, field: Field, at: At, *, provided: bool) -> None:
        if at.external and not provided:
            raise self._refuse(f"{place} is external here")
        for sub, other in field.at.items():
            if other.override is not None:
                source, label = other.override
                active = label is None or label in self.labels
                if (source == self.name and active) or (sub == self.name and not active):
                    raise self._refuse(f"{place} is overridden, labels {sorted(self.labels)}")

    def _required(self, seen: _Seen, field: Field, at: At) -> object:
        if at.requires is None:
            return None
        selections = parse_fields(at.requires)
        lacking = seen.representation is None or any(
            isinstance(one, FieldNode) and one.name.value not in seen.representation
            for one in selections.selections
        )
        if lacking and self._has_all(seen.obj.type, seen.provided, selections):
            return self.world.requirement(seen.obj, field)
        if seen.representation is None:
            raise self._refuse(f"{seen.type}.{field.name} was asked without what it requires")
        return self._pick(seen.representation, selections, f"{seen.type}.{field.name}")

    def _has_all(
        self, type_name: str, provided: tuple[SelectionSetNode, ...], selections: SelectionSetNode
    ) -> bool:
        """Whether the subgraph itself gives what is selected, here where that much is provided."""
        for one in selections.selections:
            if isinstance(one, InlineFragmentNode):
                narrowed = one.type_condition.name.value if one.type_condition else type_name
                if not self._has_all(narrowed, provided, one.selection_set):
                    return False
            elif isinstance(one, FieldNode):
                name = one.name.value
                field = self.graph.field_of(type_name, name)
                at = field.at.get(self.name)
                below = [found for group in provided for found in self._provides(type_name, group, name)]
                if at is None or at.requires or (at.external and not below):
                    return False
                groups = [found for found in below if isinstance(found, SelectionSetNode)]
                if at.provides:
                    groups.append(parse_fields(at.provides))
                if one.selection_set is not None and not self._has_all(
                    named(field.type), tuple(groups), one.selection_set
                ):
                    return False
        return True

    def _provided(self, seen: _Seen, name: str) -> list[SelectionSetNode | FieldNode]:
        return [one for group in seen.provided for one in self._provides(seen.obj.type, group, name)]

    def _see(self, value: Any, field: Field, provided: tuple[SelectionSetNode, ...]) -> Any:
        if isinstance(value, list):
            return [self._see(item, field, provided) for item in value]
        if isinstance(value, Obj):
            name = named(field.type)
            known = self.graph.types[name]
            kind = name if self.name in known.interface_objects else value.type
            return _Seen(value, kind, None, provided)
        return value

    # Entities

    def _entities(self, _: object, __: object, representations: list[Any]) -> list[_Seen | Refused]:
        return [self._entity(one) for one in representations]

    def _entity(self, given: Any) -> _Seen | Refused:
        name = given.get("__typename")
        known = self.graph.types.get(name)
        if known is None or self.name not in known.subs:
            return self._refuse(f"there is no type {name} for {given}")
        try:
            self._only_allowed(given, name)
        except Refused as refused:
            return refused
        for key in known.subs[self.name]:
            if key.resolvable:
                found = self._by_key(name, key).get(self._text(given, parse_fields(key.fields)))
                if found is not None:
                    kind = name if self.name in known.interface_objects else found.type
                    return _Seen(found, kind, given)
        return self._refuse(f"{given} is found by no key of {name}")

    def _by_key(self, name: str, key: Key) -> dict[str, Obj]:
        cached = self._found.get((name, key.fields))
        if cached is None:
            selections = parse_fields(key.fields)
            cached = self._found[name, key.fields] = {
                json.dumps(self.world.project(one, selections), sort_keys=True): one
                for member in sorted(self.graph.possible(name))
                for one in self.world.instances.get(member, ())
            }
        return cached

    def _text(self, given: Mapping[str, Any], selections: SelectionSetNode) -> str:
        try:
            return json.dumps(self._pick(given, selections, None), sort_keys=True)
        except KeyError:
            return ""

    def _only_allowed(self, given: Mapping[str, Any], name: str) -> None:
        known = self.graph.types[name]
        texts = [key.fields for key in known.subs[self.name]]
        for field in known.fields.values():
            at = field.at.get(self.name)
            if at is not None and at.requires:
                texts.append(at.requires)
        allowed = parse_fields(" ".join(texts))
        self._compare(given, [allowed], f"{name} {given}")

    def _compare(self, given: Any, allowed: list[SelectionSetNode], place: str) -> None:
        if isinstance(given, list):
            for item in given:
                self._compare(item, allowed, place)
            return
        if not isinstance(given, Mapping):
            return
        for name, value in given.items():
            if name == "__typename":
                continue
            nodes = [one for group in allowed for one in _named_fields(group, name)]
            if not nodes:
                raise self._refuse(f"{name} has no place in {place}")
            below = [one.selection_set for one in nodes if one.selection_set is not None]
            if below:
                self._compare(value, below, place)

    def _pick(
        self, given: Mapping[str, Any], selections: SelectionSetNode, wanted_by: str | None
    ) -> dict[str, Any]:
        """What the selections say of a representation; KeyError, or a fault, where it lacks some."""
        found: dict[str, Any] = {}
        for one in selections.selections:
            if isinstance(one, InlineFragmentNode):
                condition = one.type_condition
                if condition is None or given["__typename"] in self.graph.possible(condition.name.value):
                    found.update(self._pick(given, one.selection_set, wanted_by))
            elif isinstance(one, FieldNode):
                name = one.name.value
                if name not in given and wanted_by is not None:
                    raise self._refuse(f"{wanted_by} requires {name}, which {given} lacks")
                found[name] = self._pick_below(given[name], one.selection_set, wanted_by)
        return found

    def _pick_below(self, value: Any, selections: SelectionSetNode | None, wanted_by: str | None) -> Any:
        if selections is None or value is None:
            return value
        if isinstance(value, list):
            return [self._pick_below(item, selections, wanted_by) for item in value]
        return self._pick(value, selections, wanted_by)


def _named_fields(group: SelectionSetNode, name: str) -> Iterable[FieldNode]:
    for one in group.selections:
        if isinstance(one, FieldNode) and one.name.value == name:
            yield one
        elif isinstance(one, InlineFragmentNode):
            yield from _named_fields(one.selection_set, name)
