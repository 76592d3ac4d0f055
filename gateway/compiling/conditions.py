"""The variables that decide what is selected: code is compiled for their values."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

__all__ = ["condition_variables"]


def condition_variables(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The variables of every ``@skip`` and ``@include`` that the operation has or reaches by fragments, each once."""
    fragments = {
        one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
    }
    found: dict[str, None] = {}
    waiting: list[SelectionSetNode | None] = [operation.selection_set]
    while waiting:
        selections = waiting.pop()
        for node in selections.selections if selections else ():
            found.update(dict.fromkeys(_variables(node)))
            if isinstance(node, FieldNode | InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and (spread := fragments.pop(node.name.value, None)):
                waiting.append(spread.selection_set)
    return tuple(found)


def _variables(node: SelectionNode) -> Iterable[str]:
    for directive in node.directives or ():
        if directive.name.value in ("skip", "include"):
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    yield argument.value.name.value
