"""A specification's definitions as a schema has them, under the names that its link gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    InputValueDefinitionNode,
    NamedTypeNode,
    NameNode,
    TypeNode,
)

from gateway.federation.links import Link
from gateway.federation.specifications import Specification

__all__ = ["local_definitions"]


def local_definitions(known: Specification, link: Link) -> Mapping[str, DirectiveDefinitionNode]:
    """The specification's directives by their local names, types within them named as they are there."""
    return _local(known, link.alias, tuple(link.imports.items()))


@lru_cache(maxsize=256)
def _local(
    known: Specification, alias: str, imports: tuple[tuple[str, str], ...]
) -> Mapping[str, DirectiveDefinitionNode]:
    link = Link(known.identity, known.version, alias, dict(imports))
    types = {name: link.local_type(name) for name in (*known.scalars, *known.enums)}
    found = {}
    for name, definition in known.directives.items():
        local = link.local_name(name)
        found[local] = DirectiveDefinitionNode(
            name=NameNode(value=local),
            description=None,
            arguments=tuple(_argument(a, lambda t: types.get(t, t)) for a in definition.arguments or ()),
            repeatable=definition.repeatable,
            locations=definition.locations,
        )
    return found


def _argument(node: InputValueDefinitionNode, rename: Callable[[str], str]) -> InputValueDefinitionNode:
    return InputValueDefinitionNode(
        name=node.name,
        description=None,
        type=_renamed(node.type, rename),
        default_value=node.default_value,
        directives=(),
    )


def _renamed(node: TypeNode, rename: Callable[[str], str]) -> TypeNode:
    if isinstance(node, NamedTypeNode):
        return NamedTypeNode(name=NameNode(value=rename(node.name.value)))
    outer: Any = node
    wrapped: TypeNode = type(outer)(type=_renamed(outer.type, rename))
    return wrapped
