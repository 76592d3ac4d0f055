"""What is known of Strawberry's inside, in one place: its own resolvers and type tests, told by their code.

A function that is not Strawberry's own, or no longer, is simply not recognised: it is then called as the
stock executor calls it, so that another version costs speed and never an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType
from typing import Any, Final

from graphql import GraphQLAbstractType, GraphQLField, GraphQLObjectType
from strawberry.relay.types import GlobalID
from strawberry.scalars import is_scalar
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryList, StrawberryObjectDefinition, StrawberryOptional
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info
from strawberry.types.union import StrawberryUnion

__all__ = [
    "converter_of",
    "definition_of",
    "has_default_info",
    "has_default_type_resolver",
    "has_default_type_test",
    "has_exception_handlers",
    "is_attribute",
    "is_plain_resolver",
    "plain_arguments",
    "strawberry_field",
]


def _nested(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _nested(constant)


def _codes(function: Any, *names: str) -> frozenset[CodeType]:
    code: CodeType = function.__code__
    return frozenset(nested for nested in _nested(code) if nested.co_name in names)


_ATTRIBUTES: Final = _codes(GraphQLCoreConverter.from_resolver, "_get_basic_result")
_RESOLVERS: Final = _codes(GraphQLCoreConverter.from_resolver, "_resolver", "_async_resolver")
_TYPE_TESTS: Final = _codes(GraphQLCoreConverter.from_object, "is_type_of")
_TYPE_RESOLVERS: Final = _codes(GraphQLCoreConverter.from_interface, "resolve_type") | _codes(
    StrawberryUnion.get_type_resolver, "_resolve_union_type"
)


def strawberry_field(field: GraphQLField) -> StrawberryField | None:
    """The definition a field was made from; None where it overrides how a result is got."""
    found = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if isinstance(found, StrawberryField) and type(found).get_result is StrawberryField.get_result:
        return found
    return None


def is_attribute(resolve: Any) -> bool:
    """Whether this only reads an attribute of its source."""
    return getattr(resolve, "__code__", None) in _ATTRIBUTES


def is_plain_resolver(resolve: Any) -> bool:
    """Whether this is the chain that Strawberry makes round a resolver."""
    return getattr(resolve, "__code__", None) in _RESOLVERS


def has_default_type_test(type_: GraphQLObjectType) -> bool:
    """Whether ``is_type_of`` is absent, or Strawberry's own: one that looks at the class, unless it is cast."""
    return type_.is_type_of is None or getattr(type_.is_type_of, "__code__", None) in _TYPE_TESTS


def has_default_type_resolver(type_: GraphQLAbstractType) -> bool:
    """Whether the concrete type is found as Strawberry finds it."""
    return getattr(type_.resolve_type, "__code__", None) in _TYPE_RESOLVERS


def definition_of(cls: type) -> StrawberryObjectDefinition | None:
    """The Strawberry type that a class is."""
    found = getattr(cls, "__strawberry_definition__", None)
    return found if isinstance(found, StrawberryObjectDefinition) else None


def has_exception_handlers(resolve: Any) -> bool:
    """Whether errors of this resolver (``is_plain_resolver``) may be turned into results."""
    return bool(_closure(resolve).get("field_exception_handlers", True))


def has_default_info(resolve: Any) -> bool:
    """Whether this resolver (``is_plain_resolver``) is given Strawberry's own Info."""
    converter = converter_of(resolve)
    return converter is not None and converter.config.info_class is Info


def converter_of(resolve: Any) -> GraphQLCoreConverter | None:
    """What this resolver (``is_plain_resolver``) converts its arguments and its info with."""
    converter = _closure(_closure(resolve).get("_strawberry_info_from_graphql")).get("self")
    return converter if isinstance(converter, GraphQLCoreConverter) else None


def plain_arguments(
    definition: StrawberryField, converter: GraphQLCoreConverter
) -> tuple[tuple[str, str, bool], ...] | None:
    """The field's arguments, if each is a scalar or an enum, or a list of these: of such, Strawberry copies the list.

    By name in GraphQL, name in Python, and whether it is a list; None where there is another.
    """
    found = []
    for argument in definition.arguments:
        type_ = _without_null(argument.type)
        many = type(type_) is StrawberryList
        item = _without_null(type_.of_type) if isinstance(type_, StrawberryList) else type_
        leaf = isinstance(item, StrawberryEnumDefinition) or is_scalar(item, converter.scalar_registry)
        if not leaf or item is GlobalID:
            return None
        name = converter.config.name_converter.from_argument(argument)
        found.append((name, argument.python_name, many))
    return tuple(found)


def _without_null(type_: Any) -> Any:
    return type_.of_type if type(type_) is StrawberryOptional else type_


def _closure(function: Any) -> dict[str, Any]:
    cells = getattr(function, "__closure__", None) or ()
    names = function.__code__.co_freevars if cells else ()
    return {name: cell.cell_contents for name, cell in zip(names, cells, strict=True)}
