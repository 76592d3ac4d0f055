"""`@defer` answered whole: the directive is taken out where it is valid, and the selection stays."""

from __future__ import annotations

from graphql import (
    DirectiveNode,
    DocumentNode,
    OperationDefinitionNode,
    Visitor,
    visit,
)

__all__ = ["without_defer"]


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
    if document.loc is None or "defer" not in document.loc.source.body:
        return document, operation
    position = document.definitions.index(operation)
    visitor = _Without()
    cleaned: DocumentNode = visit(document, visitor)
    found = cleaned.definitions[position]
    assert isinstance(found, OperationDefinitionNode)  # noqa: S101 - the visitor changes no definition's kind
    return cleaned, found
