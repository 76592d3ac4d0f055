"""An operation without what its caller may not have: subgraphs are not even asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)

from gateway.supergraph import Denied

__all__ = ["Permitted", "permitted"]

_TYPENAME = FieldNode(
    alias=None, name=NameNode(value="__typename"), arguments=(), directives=(), selection_set=None
)


@dataclass(frozen=True, slots=True)
class Permitted:
    """What is left to plan, and whether a field was taken out."""

    document: DocumentNode
    operation: OperationDefinitionNode
    removed: bool


def permitted(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, denied: Denied
) -> Permitted:
    """Take out fields that are denied, or whose type is, and fragments on types that are.

    What an abstract type's field is for some of its objects only is fetched, with the objects' types, and held back on
    completion.
    """
    root = schema.get_root_type(operation.operation)
    if root is None:
        return Permitted(document, operation, removed=False)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    taking = _Taking(schema, fragments, denied)
    selections = taking.selections(operation.selection_set, root.name)
    made = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=operation.directives,
        selection_set=selections,
        loc=operation.loc,
    )
    return Permitted(DocumentNode(definitions=(made,), loc=document.loc), made, taking.removed)


@dataclass(slots=True)
class _Taking:
    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    denied: Denied
    removed: bool = False

    def selections(self, given: SelectionSetNode, parent: str) -> SelectionSetNode:
        kept = tuple(self._kept(given.selections, parent))
        if not kept or parent in self.denied.mixed:
            kept = (*kept, _TYPENAME)
        return SelectionSetNode(selections=kept)

    def _kept(self, nodes: Iterable[SelectionNode], parent: str) -> Iterable[SelectionNode]:
        for node in nodes:
            if isinstance(node, FieldNode):
                kept = self._field(node, parent)
                if kept is not None:
                    yield kept
            else:
                yield from self._fragment(node, parent)

    def _field(self, node: FieldNode, parent: str) -> FieldNode | None:
        name = node.name.value
        if name.startswith("__"):
            return node
        owner = self.schema.type_map[parent]
        assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 - valid
        kind = get_named_type(owner.fields[name].type)
        if self.denied.holds_back(parent, name, kind.name):
            self.removed = True
            return None
        if node.selection_set is None or not is_composite_type(kind):
            return node
        return FieldNode(
            alias=node.alias,
            name=node.name,
            arguments=node.arguments,
            directives=node.directives,
            selection_set=self.selections(node.selection_set, kind.name),
            loc=node.loc,
        )

    def _fragment(self, node: SelectionNode, parent: str) -> Iterable[InlineFragmentNode]:
        if isinstance(node, FragmentSpreadNode):
            definition = self.fragments[node.name.value]
            condition: NamedTypeNode | None = definition.type_condition
            body = definition.selection_set
        else:
            assert isinstance(node, InlineFragmentNode)  # noqa: S101 - there is no other kind
            condition, body = node.type_condition, node.selection_set
        name = condition.name.value if condition else parent
        if name in self.denied.types:
            return
        yield InlineFragmentNode(
            type_condition=condition,
            directives=node.directives,
            selection_set=self.selections(body, name),
            loc=node.loc,
        )
