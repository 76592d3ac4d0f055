"""GraphQL types as msgspec sees them: decoding is then the check that a value is one of its type.

Looser than the exact path nowhere; stricter where that coerces (a number for a String), which is unusual.
"""

from __future__ import annotations

import math
from typing import Any, Literal

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLType,
    get_named_type,
)

from gateway.jsontext import Numeral

__all__ = ["annotation", "from_json", "leaf_of"]


class _Hooked(type):
    """What ``from_json`` gives for such a class counts as an instance of it."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class Number(metaclass=_Hooked):
    """A JSON number, its text kept where a float would change it."""


class Anything(metaclass=_Hooked):
    """Any JSON value but null."""


def from_json(kind: type, value: Any) -> Any:
    """msgspec's hook for these classes. Raises ValueError."""
    if kind is Anything:
        if value is None:
            raise ValueError("null")
        return value
    if type(value) is int or isinstance(value, Numeral) or (type(value) is float and math.isfinite(value)):
        return value
    raise ValueError("not a number")


_BUILT_IN: dict[str, Any] = {
    "String": str,
    "ID": str,
    "Int": int,
    "Float": Number,
    "Boolean": bool,
}


def annotation(declared: GraphQLOutputType, core: Any) -> Any:
    """The type with its lists and exclamation marks, ``core`` standing for the named type."""
    if isinstance(declared, GraphQLNonNull):
        return _present(declared.of_type, core)
    return _present(declared, core) | None


def _present(declared: GraphQLType, core: Any) -> Any:
    if isinstance(declared, GraphQLList):
        return list[annotation(declared.of_type, core)]  # type: ignore[misc] # made at run time
    return core


def leaf_of(declared: GraphQLOutputType) -> Any:
    """What a leaf's named type is decoded as."""
    named = get_named_type(declared)
    if isinstance(named, GraphQLEnumType):
        return Literal[tuple(named.values)]
    assert isinstance(named, GraphQLScalarType)  # noqa: S101
    return _BUILT_IN.get(named.name, Anything)
