"""References to types as SDL has them, such as ``[User!]``."""

from __future__ import annotations

from graphql import InputValueDefinitionNode, ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode

__all__ = ["is_required", "list_depth", "named_node", "named_type", "print_type"]


def named_node(node: TypeNode) -> NamedTypeNode:
    """What is within lists and exclamation marks."""
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined] # a list or a non-null
    return node


def named_type(node: TypeNode) -> str:
    """The name within lists and exclamation marks."""
    return named_node(node).name.value


def print_type(node: TypeNode) -> str:
    """The reference as text; quicker than print_ast."""
    if isinstance(node, NamedTypeNode):
        return node.name.value
    inner = print_type(node.type)  # type: ignore[attr-defined] # a list or a non-null
    return f"[{inner}]" if isinstance(node, ListTypeNode) else f"{inner}!"


def list_depth(node: TypeNode) -> int:
    """How many lists are around the name."""
    depth = 0
    while not isinstance(node, NamedTypeNode):
        depth += isinstance(node, ListTypeNode)
        node = node.type  # type: ignore[attr-defined] # a list or a non-null
    return depth


def is_required(node: InputValueDefinitionNode) -> bool:
    """Whether an argument, or a field of an input, has to be given."""
    return isinstance(node.type, NonNullTypeNode) and node.default_value is None
