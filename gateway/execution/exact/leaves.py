"""Leaf values: what a subgraph may give for a scalar or an enum, passed on unchanged where it can be."""

from __future__ import annotations

import math
from typing import Any

from graphql import GraphQLEnumType, GraphQLScalarType

from gateway.jsontext import Numeral

__all__ = ["UnfitLeaf", "complete_leaf"]


class UnfitLeaf(Exception):
    """The value is none of its type."""


def complete_leaf(leaf_type: GraphQLScalarType | GraphQLEnumType, value: Any) -> Any:
    """The value as the client gets it; raises UnfitLeaf. Custom scalars are anything at all."""
    if isinstance(leaf_type, GraphQLEnumType):
        if isinstance(value, str) and value in leaf_type.values:
            return value
        raise UnfitLeaf
    convert = _BUILT_IN.get(leaf_type.name)
    return value if convert is None else convert(value)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise UnfitLeaf


def _identifier(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise UnfitLeaf
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    raise UnfitLeaf


def _integer(value: Any) -> int:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise UnfitLeaf


def _float(value: Any) -> int | float:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | Numeral) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise UnfitLeaf


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value != 0
    raise UnfitLeaf


_BUILT_IN = {"String": _string, "ID": _identifier, "Int": _integer, "Float": _float, "Boolean": _boolean}
