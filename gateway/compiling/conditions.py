"""The variables that decide what is selected: code is compiled for their values."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

__all__ = ["condition_variables"]


def condition_variables(document: DocumentNode) -> tuple[str, ...]:
    """The variables of every ``@skip`` and ``@include``, each once."""
    found: dict[str, None] = {}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            _collect(definition.selection_set, found)
    return tuple(found)


def _collect(selections: SelectionSetNode | None, found: dict[str, None]) -> None:
    for node in selections.selections if selections else ():
        found.update(dict.fromkeys(_variables(node)))
        if isinstance(node, FieldNode | InlineFragmentNode):
            _collect(node.selection_set, found)


def _variables(node: SelectionNode) -> Iterable[str]:
    for directive in node.directives or ():
        if directive.name.value in ("skip", "include"):
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    yield argument.value.name.value
