"""The schema clients see: the supergraph without its machinery and without what is @inaccessible."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DirectiveLocation,
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    build_ast_schema,
)

from gateway.supergraph.features import Features

__all__ = ["build_api_schema"]

_SPECIFIED = frozenset({"deprecated", "specifiedBy", "oneOf"})
_EXECUTABLE = frozenset(
    location.name
    for location in (
        DirectiveLocation.QUERY,
        DirectiveLocation.MUTATION,
        DirectiveLocation.SUBSCRIPTION,
        DirectiveLocation.FIELD,
        DirectiveLocation.FRAGMENT_DEFINITION,
        DirectiveLocation.FRAGMENT_SPREAD,
        DirectiveLocation.INLINE_FRAGMENT,
        DirectiveLocation.VARIABLE_DEFINITION,
    )
)
_N = TypeVar("_N", bound=Node)


def build_api_schema(document: DocumentNode, features: Features) -> GraphQLSchema:
    """Build the API schema from the supergraph's document, leaving the document as it is."""
    return build_ast_schema(_Filter(document, features).document(), assume_valid=True)


class _Filter:
    def __init__(self, document: DocumentNode, features: Features) -> None:
        self.source = document
        self.features = features
        inaccessible = features.named("inaccessible")
        self.hiding = inaccessible.directive("inaccessible") if inaccessible else "inaccessible"
        self.hidden = {
            d.name.value
            for d in document.definitions
            if isinstance(d, TypeDefinitionNode) and self._is_hidden(d.directives)
        }

    def document(self) -> DocumentNode:
        kept = [made for d in self.source.definitions if (made := self._definition(d)) is not None]
        return DocumentNode(definitions=tuple(kept))

    def _is_hidden(self, directives: tuple[DirectiveNode, ...] | None) -> bool:
        return any(directive.name.value == self.hiding for directive in directives or ())

    def _definition(self, node: DefinitionNode) -> DefinitionNode | None:
        if isinstance(node, SchemaDefinitionNode):
            return self._bare(node)
        if isinstance(node, DirectiveDefinitionNode):
            if self.features.owns(node.name.value) or node.name.value.startswith("join__"):
                return None
            executable = any(location.value in _EXECUTABLE for location in node.locations)
            return replace(node, arguments=self._inputs(node.arguments)) if executable else None
        if not isinstance(node, TypeDefinitionNode):
            return None
        name = node.name.value
        if name in self.hidden or name.startswith("join__") or self._of_feature(name):
            return None
        return self._type(node)

    def _of_feature(self, name: str) -> bool:
        return "__" in name and self.features.owns(name)

    def _type(self, node: TypeDefinitionNode) -> TypeDefinitionNode:
        bare = self._bare(node)
        if isinstance(bare, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            return replace(
                bare,
                interfaces=tuple(one for one in bare.interfaces or () if one.name.value not in self.hidden),
                fields=tuple(
                    self._field(field)
                    for field in bare.fields or ()
                    if not self._is_hidden(field.directives) and _named(field) not in self.hidden
                ),
            )
        if isinstance(bare, UnionTypeDefinitionNode):
            return replace(
                bare, types=tuple(one for one in bare.types or () if one.name.value not in self.hidden)
            )
        if isinstance(bare, EnumTypeDefinitionNode):
            values = tuple(self._bare(v) for v in bare.values or () if not self._is_hidden(v.directives))
            return replace(bare, values=values)
        if isinstance(bare, InputObjectTypeDefinitionNode):
            inputs = tuple(self._bare(f) for f in bare.fields or () if not self._is_hidden(f.directives))
            return replace(bare, fields=inputs)
        return bare

    def _field(self, node: FieldDefinitionNode) -> FieldDefinitionNode:
        return replace(self._bare(node), arguments=self._inputs(node.arguments))

    def _inputs(
        self, arguments: tuple[InputValueDefinitionNode, ...] | None
    ) -> tuple[InputValueDefinitionNode, ...]:
        return tuple(self._bare(one) for one in arguments or () if not self._is_hidden(one.directives))

    @staticmethod
    def _bare(node: _N) -> _N:
        directives = getattr(node, "directives", None)
        if not directives:
            return node
        kept = tuple(one for one in directives if one.name.value in _SPECIFIED)
        return replace(node, directives=kept)  # type: ignore[call-arg] # not every node has the attribute


def _named(field: FieldDefinitionNode) -> str:
    node: Node = field.type
    while not hasattr(node, "name"):
        node = node.type  # type: ignore[attr-defined]
    return str(node.name.value)
