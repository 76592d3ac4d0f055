"""An operation without what its caller may not have: subgraphs are not even asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

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
    is_abstract_type,
    is_composite_type,
)

from gateway.supergraph import Denied

__all__ = ["Permitted", "permitted"]

_TYPENAME = FieldNode(
    alias=None, name=NameNode(value="__typename"), arguments=(), directives=(), selection_set=None
)


@dataclass(frozen=True, slots=True)
class Permitted:
    """What is left to plan, and at which places, response keys from the root, something was taken out."""

    document: DocumentNode
    operation: OperationDefinitionNode
    removed: frozenset[tuple[str, ...]]


def permitted(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, denied: Denied
) -> Permitted:
    """Take out fields that are denied, or whose type is, and fragments on types that are.

    What an abstract type's field is for some of its objects only is fetched, and held back on completion.
    """
    root = schema.get_root_type(operation.operation)
    if root is None:
        return Permitted(document, operation, frozenset())
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    taking = _Taking(schema, fragments, denied)
    selections = taking.selections(operation.selection_set, root.name, ())
    made = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=operation.directives,
        selection_set=selections,
        loc=operation.loc,
    )
    return Permitted(DocumentNode(definitions=(made,), loc=document.loc), made, frozenset(taking.removed))


@dataclass(slots=True)
class _Taking:
    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    denied: Denied
    removed: set[tuple[str, ...]] = field(default_factory=set)

    def selections(self, given: SelectionSetNode, parent: str, path: tuple[str, ...]) -> SelectionSetNode:
        kept = tuple(self._kept(given.selections, parent, path))
        return SelectionSetNode(selections=kept or (_TYPENAME,))

    def _kept(
        self, nodes: Iterable[SelectionNode], parent: str, path: tuple[str, ...]
    ) -> Iterable[SelectionNode]:
        for node in nodes:
            if isinstance(node, FieldNode):
                kept = self._field(node, parent, path)
                if kept is not None:
                    yield kept
            else:
                yield from self._fragment(node, parent, path)

    def _field(self, node: FieldNode, parent: str, path: tuple[str, ...]) -> FieldNode | None:
        name = node.name.value
        if name.startswith("__"):
            return node
        below = (*path, node.alias.value if node.alias else name)
        owner = self.schema.type_map[parent]
        assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 - valid
        kind = get_named_type(owner.fields[name].type)
        if self._nobodys(parent, name) or self._nobodys(kind.name):
            self.removed.add(below)
            return None
        if node.selection_set is None or not is_composite_type(kind):
            return node
        return FieldNode(
            alias=node.alias,
            name=node.name,
            arguments=node.arguments,
            directives=node.directives,
            selection_set=self.selections(node.selection_set, kind.name, below),
            loc=node.loc,
        )

    def _nobodys(self, type_name: str, field_name: str | None = None) -> bool:
        """Whether the type, or a field of it, is denied for every type that its objects can be of."""
        kind = self.schema.type_map[type_name]
        possible = self.schema.get_possible_types(kind) if is_abstract_type(kind) else [kind]
        return all(
            one.name in self.denied.types or (field_name and (one.name, field_name) in self.denied.fields)
            for one in possible
        )

    def _fragment(
        self, node: SelectionNode, parent: str, path: tuple[str, ...]
    ) -> Iterable[InlineFragmentNode]:
        if isinstance(node, FragmentSpreadNode):
            definition = self.fragments[node.name.value]
            condition: NamedTypeNode | None = definition.type_condition
            body = definition.selection_set
        else:
            assert isinstance(node, InlineFragmentNode)  # noqa: S101 - there is no other kind
            condition, body = node.type_condition, node.selection_set
        name = condition.name.value if condition else parent
        if self._nobodys(name):
            return
        yield InlineFragmentNode(
            type_condition=condition,
            directives=node.directives,
            selection_set=self.selections(body, name, path),
            loc=node.loc,
        )
