"""Types of fields and arguments that differ between subgraphs: the one they have in common, if any."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode, print_ast

__all__ = ["IsSubtype", "general", "named", "same", "specific"]

IsSubtype = Callable[[str, str], bool]
"""Whether the first named type is the second, implements it, or is a member of it, in the merged graph."""


def same(one: TypeNode, two: TypeNode) -> bool:
    """Whether two types are written alike."""
    return print_ast(one) == print_ast(two)


def named(node: TypeNode) -> str:
    """The name within lists and exclamation marks."""
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined] # a list or a non-null
    return node.name.value


def general(types: Sequence[TypeNode], is_subtype: IsSubtype) -> TypeNode | None:
    """The type every one of these may stand for: for what a field answers."""
    return next((t for t in types if all(_covers(t, other, is_subtype) for other in types)), None) or _loose(
        types, is_subtype
    )


def specific(types: Sequence[TypeNode]) -> TypeNode | None:
    """The type that each of these accepts: for what a client gives."""
    return next((t for t in types if all(_accepts(other, t) for other in types)), None)


def _covers(wide: TypeNode, narrow: TypeNode, is_subtype: IsSubtype) -> bool:
    if isinstance(wide, NonNullTypeNode):
        return isinstance(narrow, NonNullTypeNode) and _covers(wide.type, narrow.type, is_subtype)
    if isinstance(narrow, NonNullTypeNode):
        return _covers(wide, narrow.type, is_subtype)
    if isinstance(wide, ListTypeNode):
        return isinstance(narrow, ListTypeNode) and _covers(wide.type, narrow.type, is_subtype)
    if isinstance(narrow, ListTypeNode):
        return False
    return is_subtype(named(narrow), named(wide))


def _loose(types: Sequence[TypeNode], is_subtype: IsSubtype) -> TypeNode | None:
    """None of them covers the others, but one without its exclamation mark might."""
    bare = [t.type for t in types if isinstance(t, NonNullTypeNode)]
    return next((t for t in bare if all(_covers(t, other, is_subtype) for other in types)), None)


def _accepts(wide: TypeNode, narrow: TypeNode) -> bool:
    """Whether every value of ``narrow`` is one of ``wide``."""
    return _covers(wide, narrow, lambda a, b: a == b)
