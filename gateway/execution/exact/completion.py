"""From what the subgraphs gave to what the client asked: projection, coercion, nulls by the API schema."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
)

from gateway.compiling.analysis.collecting import Collector, FieldGroup
from gateway.execution.errors import ErrorLog
from gateway.execution.exact.introspection import INTROSPECTION_FIELDS, introspect
from gateway.execution.exact.leaves import UnfitLeaf, complete_leaf
from gateway.execution.places import ResponsePath
from gateway.execution.request import ExecutionRequest
from gateway.supergraph import Denied
from gateway.supergraph.conditions import TypeConditions

__all__ = ["UNAUTHORIZED", "Bubble", "Completion", "complete"]

UNAUTHORIZED = "UNAUTHORIZED_FIELD_OR_TYPE"
_CODE = "INVALID_SUBGRAPH_RESPONSE"


class _Nothing:
    """What no JSON value is."""


_AS_THEY_ARE: dict[str, type] = {"String": str, "ID": str, "Int": int, "Boolean": bool}


class Bubble(Exception):
    """A null where none may be: the nearest nullable place above becomes null."""


def complete(request: ExecutionRequest, data: dict[str, Any], log: ErrorLog) -> dict[str, Any]:
    """The answer to the operation, given the merged answers of the subgraphs and their errors."""
    collector = Collector(request.document, request.variables, TypeConditions(request.supergraph.api_schema))
    answer: dict[str, Any] = {"data": Completion(request, log, collector).root(data)}
    if log.errors:
        # Errors first is what the specification asks of those who write for people to read.
        return {"errors": log.errors, **answer}
    return answer


class Completion:
    """One pass over what the subgraphs gave."""

    def __init__(self, request: ExecutionRequest, log: ErrorLog, collector: Collector) -> None:
        self.request = request
        self.schema = request.supergraph.api_schema
        self.log = log
        self.collector = collector
        self._denied = request.denied
        self._plain: dict[GraphQLOutputType, type] = {}
        """Of each type the Python type whose values need no look, if there is one."""

    def root(self, data: dict[str, Any]) -> dict[str, Any] | None:
        """The operation's ``data``."""
        operation = self.request.operation
        root_type = self.schema.get_root_type(operation.operation)
        if root_type is None:
            return None
        groups = self.collector.collect(root_type.name, (operation.selection_set,))
        try:
            return self.fields(root_type, groups, data, ())
        except Bubble:
            if not self.log.errors:  # only nulls that were excused: without data there is an error
                message = "A null reached the root: every place above it is non-null."
                self.log.add({"message": message, "extensions": {"code": _CODE}})
            return None

    def fields(
        self,
        parent: GraphQLObjectType | GraphQLInterfaceType,
        groups: dict[str, FieldGroup],
        source: dict[str, Any],
        path: ResponsePath,
    ) -> dict[str, Any]:
        """The object at ``path``, its fields being ``groups``; raises Bubble."""
        made: dict[str, Any] = {}
        for key, group in groups.items():
            name = group.name
            if name == "__typename":
                made[key] = parent.name
            elif not path and name in INTROSPECTION_FIELDS:
                made[key] = self._introspect(group)
            else:
                kind = parent.fields[name].type
                value = source.get(key)
                plain = self._plain.get(kind)
                if plain is None:
                    plain = self._plain[kind] = _python_type(kind)
                if type(value) is plain and self._denied is None:
                    made[key] = value  # most values: not one call for each
                    continue
                here = (*path, key)
                if self._denied is not None and self._holds_back(self._denied, parent.name, name, kind, here):
                    made[key] = None
                    continue
                made[key] = self._value(kind, group, value, here, f"{parent.name}.{name}")
        return made

    def _holds_back(
        self, denied: Denied, parent: str, name: str, kind: GraphQLOutputType, path: ResponsePath
    ) -> bool:
        """Whether the field is not for this caller; raises Bubble where it cannot be null."""
        if not denied.holds_back(parent, name, get_named_type(kind).name):
            return False
        self._unauthorized(path)
        if isinstance(kind, GraphQLNonNull):
            raise Bubble
        return True

    def _unauthorized(self, path: ResponsePath) -> None:
        if not self.log.explains(path):
            message = "Unauthorized field or type"
            self.log.add({"message": message, "path": list(path), "extensions": {"code": UNAUTHORIZED}})

    def _introspect(self, group: FieldGroup) -> Any:
        value, errors = introspect(self.request, group.nodes)
        self.log.extend(errors)
        if value is None and group.name == "__schema":
            raise Bubble
        return value

    def _value(
        self, kind: GraphQLOutputType, group: FieldGroup, value: Any, path: ResponsePath, place: str
    ) -> Any:
        if isinstance(kind, GraphQLNonNull):
            made = self._nullable(kind.of_type, group, value, path, place)
            if made is None:
                self._complain(f"Cannot return null for non-nullable field {place}.", path)
                raise Bubble
            return made
        try:
            return self._nullable(kind, group, value, path, place)
        except Bubble:
            return None

    def _nullable(
        self, kind: GraphQLOutputType, group: FieldGroup, value: Any, path: ResponsePath, place: str
    ) -> Any:
        if value is None:
            return None
        if isinstance(kind, GraphQLScalarType | GraphQLEnumType):
            try:
                return complete_leaf(kind, value)
            except UnfitLeaf:
                return self._unfit(kind.name, path, place)
        if isinstance(kind, GraphQLList):
            if not isinstance(value, list):
                return self._unfit("a list", path, place)
            inner = kind.of_type
            return [
                self._value(inner, group, item, (*path, index), place) for index, item in enumerate(value)
            ]
        if not isinstance(value, dict):
            return self._unfit("an object", path, place)
        return self._object(kind, group, value, path, place)

    def _object(
        self,
        kind: GraphQLOutputType,
        group: FieldGroup,
        value: dict[str, Any],
        path: ResponsePath,
        place: str,
    ) -> Any:
        if isinstance(kind, GraphQLObjectType):
            return self.fields(kind, self.collector.below(group, kind.name), value, path)
        assert isinstance(kind, GraphQLInterfaceType | GraphQLUnionType)  # noqa: S101
        name = value.get("__typename")
        if self._denied is not None and isinstance(name, str) and name in self._denied.types:
            return self._unauthorized(path)
        runtime = self.schema.type_map.get(name) if isinstance(name, str) else None
        if isinstance(runtime, GraphQLObjectType) and self.schema.is_sub_type(kind, runtime):
            return self.fields(runtime, self.collector.below(group, runtime.name), value, path)
        possible = self.schema.get_possible_types(kind)
        if name is None and len(possible) == 1:
            return self.fields(possible[0], self.collector.below(group, possible[0].name), value, path)
        if isinstance(kind, GraphQLInterfaceType) and name == kind.name:
            return self._interface_object(kind, group, value, path, place)
        return self._unfit("a type of the schema", path, place)

    def _interface_object(
        self,
        kind: GraphQLInterfaceType,
        group: FieldGroup,
        value: dict[str, Any],
        path: ResponsePath,
        place: str,
    ) -> Any:
        """An object whose type nobody had to find out, as nothing depends on it: neither what is selected, nor what
        is held back."""
        groups = self.collector.below(group, kind.name)
        held_back_by_type = self._denied is not None and kind.name in self._denied.mixed
        if held_back_by_type or any(one.name == "__typename" for one in groups.values()):
            return self._unfit("a type of the schema", path, place)
        return self.fields(kind, groups, value, path)

    def _unfit(self, wanted: str, path: ResponsePath, place: str) -> None:
        self._complain(f"A subgraph's value for {place} is not {_article(wanted)}.", path)

    def _complain(self, message: str, path: ResponsePath) -> None:
        if not self.log.explains(path):
            self.log.add({"message": message, "path": list(path), "extensions": {"code": _CODE}})


def _python_type(kind: GraphQLOutputType) -> type:
    """The type of values that are right as they are; one that no value has where each has to be looked at."""
    named = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return _AS_THEY_ARE.get(named.name, _Nothing) if isinstance(named, GraphQLScalarType) else _Nothing


def _article(wanted: str) -> str:
    return wanted if " " in wanted else f"a valid {wanted}"
