"""Arguments and directives as text, as they are sent to subgraphs: short, and quicker than print_ast."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import (
    ArgumentNode,
    DirectiveNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    print_ast,
)

__all__ = ["print_arguments", "print_directive", "print_value"]


def print_arguments(arguments: Iterable[ArgumentNode]) -> str:
    """The arguments in their brackets, nothing where there are none."""
    text = ", ".join(f"{one.name.value}: {print_value(one.value)}" for one in arguments)
    return f"({text})" if text else ""


def print_directive(directive: DirectiveNode) -> str:
    """The directive with its arguments."""
    return f"@{directive.name.value}{print_arguments(directive.arguments or ())}"


def print_value(value: ValueNode) -> str:
    """A value on one line, but for strings in block quotes."""
    if isinstance(value, VariableNode):
        return f"${value.name.value}"
    if isinstance(value, IntValueNode | FloatValueNode | EnumValueNode):
        return value.value
    if isinstance(value, ListValueNode):
        return f"[{', '.join(map(print_value, value.values))}]"
    if isinstance(value, ObjectValueNode):
        entries = (f"{one.name.value}: {print_value(one.value)}" for one in value.fields)
        return f"{{{', '.join(entries)}}}"
    return print_ast(value)
