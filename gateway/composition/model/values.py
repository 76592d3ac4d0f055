"""Values as they stand in SDL: compared by what they mean, and written."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterable

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

__all__ = ["comparable", "integer", "quoted", "text", "texts", "written_value"]


def comparable(node: ValueNode | None) -> Hashable:
    """What two values have in common exactly when they mean the same; an enum's value is like its text."""
    match node:
        case None | NullValueNode():
            return None if node is None else ("null",)
        case IntValueNode() | FloatValueNode():
            return ("number", float(node.value) if isinstance(node, FloatValueNode) else int(node.value))
        case StringValueNode() | EnumValueNode():
            return ("text", node.value)
        case BooleanValueNode():
            return ("boolean", node.value)
        case ListValueNode():
            return ("list", tuple(comparable(v) for v in node.values))
        case ObjectValueNode():
            return ("object", frozenset((f.name.value, comparable(f.value)) for f in node.fields))
    raise TypeError(f"no constant: {node}")


def written_value(node: ValueNode) -> str:
    """The value as SDL, on one line."""
    match node:
        case StringValueNode():
            return quoted(node.value)
        case ListValueNode():
            return f"[{', '.join(map(written_value, node.values))}]"
        case ObjectValueNode():
            return "{" + ", ".join(f"{f.name.value}: {written_value(f.value)}" for f in node.fields) + "}"
        case BooleanValueNode():
            return "true" if node.value else "false"
        case NullValueNode():
            return "null"
        case FloatValueNode():
            return _written_number(float(node.value))
    return str(node.value)  # type: ignore[attr-defined] # a number or an enum's value


def _written_number(value: float) -> str:
    """As short as it goes: two ways to write a number look the same."""
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return re.sub(r"e([+-])0*", r"e\1", repr(value))


def quoted(value: str) -> str:
    """A text as a GraphQL string."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def text(value: str) -> StringValueNode:
    """A string value."""
    return StringValueNode(value=value, block=False)


def texts(values: Iterable[str]) -> ListValueNode:
    """A list of string values."""
    return ListValueNode(values=tuple(text(v) for v in values))


def integer(value: int) -> IntValueNode:
    """An integer value."""
    return IntValueNode(value=str(value))
