"""`@defer` answered whole: the directive is taken out where it is valid, and the selection stays."""

from __future__ import annotations

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLDeferDirective,
    GraphQLSchema,
    OperationDefinitionNode,
    Visitor,
    visit,
)

__all__ = ["accepting_defer", "without_defer"]


def accepting_defer(schema: GraphQLSchema) -> GraphQLSchema:
    """The schema to validate by: with ``@defer``, which every client may send, and no API schema need define."""
    if schema.get_directive("defer") is not None:
        return schema
    parts = schema.to_kwargs()
    parts["directives"] = (*parts["directives"], GraphQLDeferDirective)
    return GraphQLSchema(**parts)


class _Without(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_directive(self, node: DirectiveNode, *_args: object) -> object:
        if node.name.value == "defer":
            self.found = True
            return self.REMOVE
        return None


def without_defer(
    document: DocumentNode, operation: OperationDefinitionNode
) -> tuple[DocumentNode, OperationDefinitionNode]:
    """The document and its operation with every ``@defer`` taken out; the same objects where there is none."""
    if document.loc is None or "@defer" not in document.loc.source.body:
        return document, operation
    position = document.definitions.index(operation)
    visitor = _Without()
    cleaned: DocumentNode = visit(document, visitor)
    found = cleaned.definitions[position]
    assert isinstance(found, OperationDefinitionNode)  # noqa: S101 - the visitor changes no definition's kind
    return cleaned, found
