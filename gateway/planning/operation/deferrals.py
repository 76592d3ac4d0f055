"""Which ``@defer`` directives a document has, and which of them are heeded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    OperationDefinitionNode,
    StringValueNode,
    VariableNode,
    Visitor,
    visit,
)

__all__ = ["Deferral", "find_deferrals", "heeded"]


@dataclass(frozen=True, slots=True)
class Deferral:
    """One ``@defer`` that may hold; ``number`` counts them in the document's order."""

    number: int
    label: str | None
    condition: str | None
    """The variable that must be true."""


class _Finder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[int, Deferral] = {}
        self.count = 0

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value != "defer":
            return
        number, self.count = self.count, self.count + 1
        label, condition = None, None
        for argument in node.arguments or ():
            value = argument.value
            if argument.name.value == "label" and isinstance(value, StringValueNode):
                label = value.value
            if argument.name.value == "if" and isinstance(value, VariableNode):
                condition = value.name.value
            elif argument.name.value == "if" and isinstance(value, BooleanValueNode) and not value.value:
                return
        self.found[id(node)] = Deferral(number, label, condition)


def find_deferrals(document: DocumentNode) -> Mapping[int, Deferral]:
    """By the id of the directive's node; those with ``if: false`` are left out."""
    finder = _Finder()
    visit(document, finder)
    return finder.found


def heeded(
    deferrals: Mapping[int, Deferral], operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Mapping[int, Deferral]:
    """Those that hold with these variables. A subscription defers nothing: its events are answered whole."""
    if operation.operation.value == "subscription":
        return {}
    return {
        key: one
        for key, one in deferrals.items()
        if one.condition is None or bool(variables.get(one.condition))
    }
