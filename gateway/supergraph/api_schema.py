"""The schema clients see: the supergraph without its machinery and without what is hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
)

from gateway.federation.locations import EXECUTABLE_LOCATIONS
from gateway.supergraph.features import Features
from gateway.supergraph.hidden import Hidden

__all__ = ["api_document"]

_SPECIFIED = frozenset({"deprecated", "specifiedBy", "oneOf"})
_N = TypeVar("_N", bound=Node)


def api_document(document: DocumentNode, features: Features, hidden: Hidden) -> DocumentNode:
    """The definitions of the API schema, made from the supergraph's, which stay as they are."""
    return _Filter(document, features, hidden).document()


class _Filter:
    def __init__(self, document: DocumentNode, features: Features, hidden: Hidden) -> None:
        self.source = document
        self.features = features
        self.hidden = hidden

    def document(self) -> DocumentNode:
        kept = [made for d in self.source.definitions if (made := self._definition(d)) is not None]
        return DocumentNode(definitions=tuple(kept))

    def _definition(self, node: DefinitionNode) -> DefinitionNode | None:
        if isinstance(node, SchemaDefinitionNode):
            roots = tuple(one for one in node.operation_types if one.type.name.value not in self.hidden.types)
            return replace(self._bare(node), operation_types=roots)
        if isinstance(node, DirectiveDefinitionNode):
            executable = any(location.value in EXECUTABLE_LOCATIONS for location in node.locations)
            if not executable or self.features.owns_directive(node.name.value):
                return None
            return replace(node, arguments=self._inputs(node.arguments))
        if not isinstance(node, TypeDefinitionNode):
            return None
        return None if node.name.value in self.hidden.types else self._type(node)

    def _type(self, node: TypeDefinitionNode) -> TypeDefinitionNode:
        bare = self._bare(node)
        if isinstance(bare, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            return replace(
                bare,
                interfaces=self._visible_names(bare.interfaces),
                fields=tuple(self._field(one) for one in self._visible(bare.fields)),
            )
        if isinstance(bare, UnionTypeDefinitionNode):
            return replace(bare, types=self._visible_names(bare.types))
        if isinstance(bare, EnumTypeDefinitionNode):
            return replace(bare, values=tuple(map(self._bare, self._visible(bare.values))))
        if isinstance(bare, InputObjectTypeDefinitionNode):
            return replace(bare, fields=self._inputs(bare.fields))
        return bare

    def _field(self, node: FieldDefinitionNode) -> FieldDefinitionNode:
        return replace(self._bare(node), arguments=self._inputs(node.arguments))

    def _inputs(
        self, inputs: tuple[InputValueDefinitionNode, ...] | None
    ) -> tuple[InputValueDefinitionNode, ...]:
        return tuple(map(self._bare, self._visible(inputs)))

    def _visible(self, nodes: tuple[_N, ...] | None) -> list[_N]:
        return [node for node in nodes or () if not self.hidden.marks(node)]

    def _visible_names(self, nodes: tuple[NamedTypeNode, ...] | None) -> tuple[NamedTypeNode, ...]:
        return tuple(node for node in nodes or () if node.name.value not in self.hidden.types)

    @staticmethod
    def _bare(node: _N) -> _N:
        directives = getattr(node, "directives", None)
        if not directives:
            return node
        kept = tuple(one for one in directives if one.name.value in _SPECIFIED)
        return replace(node, directives=kept)  # type: ignore[call-arg] # not every node has the attribute
