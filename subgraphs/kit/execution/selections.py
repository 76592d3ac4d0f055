"""An operation as a tree of what to answer: each field's source, and the shape its value is completed to.

The fields are collected by graphql-core's own functions, for one set of values of ``@skip`` and ``@include``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    is_abstract_type,
    is_introspection_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    collect_fields,
    collect_subfields,
)
from graphql.language import Node, VariableNode
from graphql.type import GraphQLLeafType

from subgraphs.kit.execution.internals import (
    has_default_type_resolver,
    has_default_type_test,
    is_attribute,
    strawberry_field,
)

__all__ = [
    "Abstract",
    "Attribute",
    "Field",
    "Foreign",
    "Leaf",
    "ListOf",
    "Object",
    "Output",
    "Resolver",
    "Stock",
    "TooLarge",
    "TypeName",
    "collect",
    "has_variables",
]


class TooLarge(Exception):
    """The operation is not worth compiling, or not ours to compile."""


@dataclass(frozen=True, slots=True)
class TypeName:
    """``__typename``."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of the source; ``getter(source, name)`` where it is not ``getattr``."""

    name: str
    getter: Callable[[Any, str], Any] | None


@dataclass(frozen=True, slots=True)
class Resolver:
    """Whatever the schema's own ``resolve`` gives."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The whole field is graphql-core's: introspection."""


Source: TypeAlias = TypeName | Attribute | Resolver | Stock


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    type: GraphQLLeafType


@dataclass(frozen=True, slots=True, eq=False)
class ListOf:
    item: Output


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    type: GraphQLObjectType
    fields: tuple[Field, ...]
    pure: bool
    """Built from attributes alone, all the way down."""


@dataclass(frozen=True, slots=True, eq=False)
class Abstract:
    type: GraphQLAbstractType
    objects: dict[str, Object]
    pure: bool


@dataclass(frozen=True, slots=True, eq=False)
class Foreign:
    """Completed by graphql-core: types that decide for themselves what belongs to them."""


Shape: TypeAlias = Leaf | ListOf | Object | Abstract | Foreign


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """A type with its nullability, and what it is completed to."""

    type: GraphQLOutputType
    nullable: bool
    shape: Shape
    pure: bool


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    key: str
    """The name in the answer."""
    parent: GraphQLObjectType
    definition: GraphQLField
    details: list[FieldDetails]
    source: Source
    output: Output

    @property
    def pure(self) -> bool:
        return isinstance(self.source, TypeName | Attribute) and self.output.pure


def collect(executor: Executor[Any], root: GraphQLObjectType, most_fields: int, deepest: int) -> Object:
    """The operation that this executor was built for; raises TooLarge."""
    collected = collect_fields(
        executor.schema,
        executor.fragments,
        executor.variable_values,
        root,
        executor.operation,
        executor.hide_suggestions,
    )
    return _Collector(executor, most_fields, deepest).object_of(root, collected, 0)


class _Collector:
    def __init__(self, executor: Executor[Any], most_fields: int, deepest: int) -> None:
        self._executor = executor
        self._left = most_fields
        self._deepest = deepest
        self._objects: dict[tuple[object, ...], Object] = {}

    def object_of(self, type_: GraphQLObjectType, collected: CollectedFields, depth: int) -> Object:
        grouped, deferred, _ = collected
        self._left -= len(grouped) + 1
        if deferred or self._left < 0 or depth > self._deepest:
            raise TooLarge
        fields = tuple(
            field
            for key, details in grouped.items()
            if (field := self._field(type_, key, details, depth)) is not None
        )
        return Object(type_, fields, all(field.pure for field in fields))

    def _field(
        self, parent: GraphQLObjectType, key: str, details: list[FieldDetails], depth: int
    ) -> Field | None:
        if any(d.fragment_variable_values is not None for d in details):
            raise TooLarge
        name = details[0].node.name.value
        definition = self._executor.schema.get_field(parent, name)
        if definition is None:
            return None  # as graphql-core does, should a document not have been validated
        source = _source(name, parent, definition)
        if isinstance(source, Stock):
            output = Output(definition.type, False, Foreign(), False)
        else:
            output = self._output(definition.type, details, depth)
        return Field(key, parent, definition, details, source, output)

    def _output(self, type_: GraphQLOutputType, details: list[FieldDetails], depth: int) -> Output:
        nullable = not is_non_null_type(type_)
        inner: Any = type_ if nullable else type_.of_type  # type: ignore[union-attr]
        shape: Shape
        if is_list_type(inner):
            item = self._output(inner.of_type, details, depth)
            return Output(type_, nullable, ListOf(item), item.pure)
        if is_leaf_type(inner):
            return Output(type_, nullable, Leaf(inner), True)
        if is_object_type(inner) and has_default_type_test(inner):
            shape = self._subobject(inner, details, depth)
            return Output(type_, nullable, shape, shape.pure)
        if is_abstract_type(inner) and self._decides_by_class(inner):
            objects = {
                possible.name: self._subobject(possible, details, depth)
                for possible in self._executor.schema.get_possible_types(inner)
            }
            shape = Abstract(inner, objects, all(o.pure for o in objects.values()))
            return Output(type_, nullable, shape, shape.pure)
        return Output(type_, nullable, Foreign(), False)

    def _decides_by_class(self, type_: GraphQLAbstractType) -> bool:
        return has_default_type_resolver(type_) and all(
            has_default_type_test(possible) for possible in self._executor.schema.get_possible_types(type_)
        )

    def _subobject(self, type_: GraphQLObjectType, details: list[FieldDetails], depth: int) -> Object:
        key = (type_, *(id(d.node) for d in details))
        found = self._objects.get(key)
        if found is None:
            executor = self._executor
            collected = collect_subfields(
                executor.schema,
                executor.fragments,
                executor.variable_values,
                executor.operation,
                type_,
                details,
                executor.hide_suggestions,
            )
            found = self._objects[key] = self.object_of(type_, collected, depth + 1)
        return found


def _source(name: str, parent: GraphQLObjectType, definition: GraphQLField) -> Source:
    if name == "__typename":
        return TypeName()
    if name.startswith("__") or is_introspection_type(parent) or definition.resolve is None:
        return Stock()
    field = strawberry_field(definition)
    if field is not None and is_attribute(definition.resolve):
        getter = field.default_resolver
        return Attribute(field.python_name, None if getter is getattr else getter)
    return Resolver()


def has_variables(nodes: Iterable[Node] | None) -> bool:
    """Whether there is a variable anywhere in these arguments or values."""
    for node in nodes or ():
        inner = getattr(node, "value", None)
        below = inner if isinstance(inner, Node) else None
        if isinstance(node, VariableNode) or has_variables((below,) if below is not None else ()):
            return True
        if has_variables(getattr(node, "values", None)) or has_variables(getattr(node, "fields", None)):
            return True
    return False
