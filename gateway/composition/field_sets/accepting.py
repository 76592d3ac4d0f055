"""Input coercion of constants (https://spec.graphql.org/draft/#sec-Input-Objects.Input-Coercion)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    TypeNode,
    ValueNode,
    VariableNode,
)

from gateway.composition.model.subgraph import Definition
from gateway.federation.type_references import named_type

__all__ = ["accepts"]

_INT = range(-(2**31), 2**31)
_LEAVES: Mapping[str, Callable[[ValueNode], bool]] = {
    "Int": lambda v: isinstance(v, IntValueNode) and int(v.value) in _INT,
    "Float": lambda v: isinstance(v, IntValueNode | FloatValueNode),
    "Boolean": lambda v: isinstance(v, BooleanValueNode),
    "String": lambda v: isinstance(v, StringValueNode),
    "ID": lambda v: isinstance(v, StringValueNode | IntValueNode),
}


def accepts(types: Mapping[str, Definition], type_: TypeNode, value: ValueNode) -> bool:
    """Whether a type takes a value that has no variables."""
    if isinstance(value, VariableNode):
        return False
    if isinstance(type_, NonNullTypeNode):
        return not isinstance(value, NullValueNode) and accepts(types, type_.type, value)
    if isinstance(value, NullValueNode):
        return True
    if isinstance(type_, ListTypeNode):
        inner = type_.type
        values = value.values if isinstance(value, ListValueNode) else (value,)
        return all(accepts(types, inner, v) for v in values)
    name = named_type(type_)
    definition = types.get(name)
    if definition is None:
        return name not in _LEAVES or _LEAVES[name](value)
    if definition.kind == "enum":
        return isinstance(value, EnumValueNode) and value.value in definition.values
    return definition.kind != "input" or _accepts_object(types, definition, value)


def _accepts_object(types: Mapping[str, Definition], definition: Definition, value: ValueNode) -> bool:
    if not isinstance(value, ObjectValueNode):
        return False
    given = {f.name.value: f.value for f in value.fields}
    for name, field in definition.inputs.items():
        inner = given.pop(name, None)
        if inner is None:
            if field.required:
                return False
        elif not accepts(types, field.type, inner):
            return False
    return not given
