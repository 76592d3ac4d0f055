"""Whether a field set selects what there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from graphql import (
    FieldDefinitionNode,
    FieldNode,
    InlineFragmentNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    SelectionSetNode,
    UnionTypeDefinitionNode,
)

from gateway.federation.type_references import named_type

__all__ = ["Composite", "DeclaredFields", "declared_fields", "missing_from", "selected_fields"]

Composite: TypeAlias = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode
DeclaredFields: TypeAlias = Mapping[str, Mapping[str, FieldDefinitionNode]]


def declared_fields(composites: Mapping[str, Composite]) -> DeclaredFields:
    """The fields of each composite type, by name; unions have none."""
    return {
        name: {} if isinstance(one, UnionTypeDefinitionNode) else {f.name.value: f for f in one.fields or ()}
        for name, one in composites.items()
    }


def missing_from(selections: SelectionSetNode, parent: str, declared: DeclaredFields) -> str | None:
    """The first thing selected that is not there, in words, or None."""
    if parent not in declared:
        return f"{parent}, which has no fields"
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition.name.value if selection.type_condition else parent
            found = missing_from(selection.selection_set, condition, declared)
        elif not isinstance(selection, FieldNode):
            found = "a named fragment, which is defined nowhere"
        elif selection.name.value == "__typename":
            found = None
        elif (field := declared[parent].get(selection.name.value)) is None:
            found = f"{parent}.{selection.name.value}, which is not defined"
        elif selection.selection_set is not None:
            found = missing_from(selection.selection_set, named_type(field.type), declared)
        elif named_type(field.type) in declared:
            found = f"{parent}.{selection.name.value} and nothing of it"
        else:
            found = None
        if found is not None:
            return found
    return None


def selected_fields(
    selections: SelectionSetNode, parent: str, declared: DeclaredFields
) -> Iterator[tuple[str, str]]:
    """Every field that is selected, at any depth, with the type that it is selected on."""
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition.name.value if selection.type_condition else parent
            yield from selected_fields(selection.selection_set, condition, declared)
        elif isinstance(selection, FieldNode) and (
            field := declared.get(parent, {}).get(selection.name.value)
        ):
            yield parent, selection.name.value
            if selection.selection_set is not None:
                yield from selected_fields(selection.selection_set, named_type(field.type), declared)
