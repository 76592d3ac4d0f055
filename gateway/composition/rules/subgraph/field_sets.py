"""`@key`, `@requires` and `@provides` select fields that are there, without arguments or aliases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, Node, SelectionSetNode

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.model import Definition, Field, Subgraph
from gateway.composition.typing import named
from gateway.federation.field_sets import parse_field_set as parsed

__all__ = ["field_sets"]


@dataclass(frozen=True, slots=True)
class _Use:
    directive: str
    text: str
    place: str
    type_name: str
    node: Node


def field_sets(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each field set that does not hold."""
    for use in _uses(subgraph):
        try:
            problem = _problem(subgraph, parsed(use.text), use)
        except GraphQLSyntaxError as error:
            problem = ("INVALID_FIELDS", f"it cannot be parsed ({error.message})")
        if problem is not None:
            code, told = problem
            message = (
                f'[{subgraph.name}] On "{use.place}", for @{use.directive}(fields: "{use.text}"): {told}.'
            )
            code = f"{use.directive.upper()}_{code}"
            yield CompositionError(code, message, (subgraph.name,), location_of(subgraph.name, use.node))


def _uses(subgraph: Subgraph) -> Iterator[_Use]:
    for definition in subgraph.types.values():
        for key in definition.keys:
            yield _Use("key", key.fields, definition.name, definition.name, definition.node)
        for field in definition.fields.values():
            place = f"{definition.name}.{field.name}"
            if field.requires is not None:
                yield _Use("requires", field.requires, place, definition.name, field.node)
            if field.provides is not None:
                yield _Use("provides", field.provides, place, named(field.type), field.node)


def _problem(subgraph: Subgraph, selections: SelectionSetNode, use: _Use) -> tuple[str, str] | None:
    return _check(subgraph, selections, use.type_name, use.directive)


def _check(
    subgraph: Subgraph, selections: SelectionSetNode, type_name: str, directive: str
) -> tuple[str, str] | None:
    definition = subgraph.types.get(type_name)
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            inner_type = condition.name.value if condition else type_name
            found = _check(subgraph, selection.selection_set, inner_type, directive)
        elif isinstance(selection, FieldNode):
            found = _field(subgraph, selection, definition, directive)
        else:
            found = ("INVALID_FIELDS", "it spreads a named fragment")
        if found is not None:
            return found
    return None


def _field(
    subgraph: Subgraph, node: FieldNode, definition: Definition | None, directive: str
) -> tuple[str, str] | None:
    name = node.name.value
    if name == "__typename":
        return None
    if node.alias is not None:
        return ("INVALID_FIELDS", f"it renames '{name}'")
    if node.directives:
        return ("DIRECTIVE_IN_FIELDS_ARG", f"it has a directive on '{name}'")
    field = definition.fields.get(name) if definition else None
    if field is None or definition is None:
        where = definition.name if definition else "the type"
        return ("INVALID_FIELDS", f"'{where}' has no field '{name}'")
    if directive != "requires" and field.arguments:
        return ("FIELDS_HAS_ARGS", f"'{definition.name}.{name}' takes arguments")
    return _inner(subgraph, node, field, directive)


def _inner(subgraph: Subgraph, node: FieldNode, field: Field, directive: str) -> tuple[str, str] | None:
    target = subgraph.types.get(named(field.type))
    composite = target is not None and target.kind in {"type", "interface", "union"}
    if directive == "key" and target is not None and target.kind in {"interface", "union"}:
        return ("FIELDS_SELECT_INVALID_TYPE", f"'{node.name.value}' is an interface or a union")
    if node.selection_set is None:
        told = f"'{node.name.value}' needs a selection of its fields"
        return ("INVALID_FIELDS", told) if composite else None
    if not composite:
        return ("INVALID_FIELDS", f"'{node.name.value}' has no fields to select")
    return _check(subgraph, node.selection_set, named(field.type), directive)
