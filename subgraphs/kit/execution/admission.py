"""Which values compiled code may build from: judged once a class, so that the check is a set's look-up.

Whatever is refused here (``Unusual``) is completed by graphql-core's own methods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import CoroutineType, GeneratorType
from typing import Any, Final, Generic, NamedTuple, TypeVar

from graphql import GraphQLAbstractType, GraphQLObjectType, GraphQLSchema, Undefined, is_interface_type
from graphql.type import GraphQLLeafType
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from subgraphs.kit.execution.internals import definition_of

__all__ = ["CAST", "MOST_CLASSES", "Dispatch", "ObjectClasses", "Unusual", "coercer", "is_ordinary"]

H = TypeVar("H")

CAST: Final = TYPE_CAST_ATTRIBUTE
MOST_CLASSES: Final = 256
"""Known in one place of an operation; classes made at run time must not pile up."""
_COERCED: Final = (str, int, float, bool, dict, list)


class Unusual(Exception):
    """Compiled code has met a value it was not made for."""


def is_ordinary(value: Any) -> bool:
    """Whether all values of this class are values: not None, errors, or something to await."""
    cls = value.__class__
    return not (
        value is None
        or value is Undefined
        or issubclass(cls, (BaseException, GeneratorType))
        or hasattr(value, "__await__")
    )


class ObjectClasses:
    """The classes whose instances are values of one object type."""

    def __init__(self, type_: GraphQLObjectType) -> None:
        self.known: set[type] = set()
        self.may_be_cast = type_.is_type_of is not None
        self._type = type_

    def admit(self, value: Any) -> None:
        """Take the class of this value in; raises Unusual."""
        is_type_of = self._type.is_type_of
        if not is_ordinary(value) or (self.may_be_cast and getattr(value, CAST, None) is not None):
            raise Unusual
        if is_type_of is not None and is_type_of(value, None) is not True:  # type: ignore[arg-type] # ours, unused
            raise Unusual
        if len(self.known) < MOST_CLASSES:
            self.known.add(value.__class__)


class _TypeInfo(NamedTuple):
    """What Strawberry's type resolvers read of their info."""

    schema: GraphQLSchema
    field_name: str = ""


class Dispatch(Generic[H]):
    """The concrete type, and so the handler, of each class that an abstract type may have."""

    def __init__(self, schema: GraphQLSchema, type_: GraphQLAbstractType) -> None:
        self.known: dict[type, H] = {}
        self.handlers: Mapping[str, H] = {}
        """By the concrete type's name; set once all are compiled."""
        self._schema = schema
        self._type = type_

    def admit(self, value: Any) -> H:
        """The handler for the class of this value; raises Unusual."""
        if not is_ordinary(value) or getattr(value, CAST, None) is not None:
            raise Unusual
        name = self._concrete_type(value)
        handler = self.handlers.get(name)
        concrete = self._schema.type_map.get(name)
        if handler is None or not isinstance(concrete, GraphQLObjectType):
            raise Unusual
        if concrete.is_type_of is not None and concrete.is_type_of(value, None) is not True:  # type: ignore[arg-type]
            raise Unusual
        if len(self.known) < MOST_CLASSES:
            self.known[value.__class__] = handler
        return handler

    def _concrete_type(self, value: Any) -> str:
        """The type's name as Strawberry resolves it, where the class alone decides."""
        definition = definition_of(value.__class__)
        if definition is None or definition.is_graphql_generic or definition.concrete_of is not None:
            raise Unusual
        if is_interface_type(self._type):
            interface = self._type.extensions["strawberry-definition"]
            if not isinstance(value, interface.origin):
                raise Unusual
        resolve: Any = self._type.resolve_type
        name = resolve(value, _TypeInfo(self._schema), self._type)
        if not isinstance(name, str):
            raise Unusual
        return name


def coercer(type_: GraphQLLeafType) -> Callable[[Any], Any]:
    """What completes a leaf's value that is not None; raises Unusual, or what the type raises."""
    coerce = type_.coerce_output_value
    known: set[type] = set()
    results: set[type] = set(_COERCED)

    def completed(value: Any) -> Any:
        if value.__class__ not in known:
            if not is_ordinary(value):
                raise Unusual
            if len(known) < MOST_CLASSES:
                known.add(value.__class__)
        result = coerce(value)
        if result.__class__ not in results:
            if not is_ordinary(result):
                if isinstance(result, CoroutineType):
                    result.close()
                raise Unusual
            if len(results) < MOST_CLASSES:
                results.add(result.__class__)
        return result

    return completed
