"""Whether a value is one of a type of the merged graph."""

from __future__ import annotations

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
)

from gateway.composition.model.merged import Merged

__all__ = ["is_valid_value"]

_BUILT_IN: dict[str, tuple[type[ValueNode], ...]] = {
    "Int": (IntValueNode,),
    "Float": (IntValueNode, FloatValueNode),
    "String": (StringValueNode,),
    "Boolean": (BooleanValueNode,),
    "ID": (StringValueNode, IntValueNode),
}


def is_valid_value(merged: Merged, type_: str, value: ValueNode) -> bool:
    """Whether nothing in the value is wrong; what an input type needs may be missing, as in other compositions.

    A scalar of the schema's own takes anything.
    """
    if isinstance(value, NullValueNode):
        return not type_.endswith("!")
    bare = type_.removesuffix("!")
    if bare.startswith("["):
        values = value.values if isinstance(value, ListValueNode) else (value,)
        return all(is_valid_value(merged, bare[1:-1], v) for v in values)
    if bare in _BUILT_IN:
        return isinstance(value, _BUILT_IN[bare])
    found = merged.types.get(bare)
    if found is None or found.kind == "scalar":
        return True
    if found.kind == "enum":
        return isinstance(value, EnumValueNode) and value.value in found.values
    return isinstance(value, ObjectValueNode) and all(
        f.name.value in found.inputs and is_valid_value(merged, found.inputs[f.name.value].type, f.value)
        for f in value.fields
    )
