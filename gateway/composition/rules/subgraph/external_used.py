"""A field marked `@external` serves a key, a `@requires`, a `@provides` or an interface; else it is a mistake."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, SelectionSetNode

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.model import Subgraph
from gateway.composition.typing import named
from gateway.federation.field_sets import parse_field_set as parsed

__all__ = ["external_used"]


def external_used(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each external field that nothing uses."""
    used = _used(subgraph)
    for definition in subgraph.types.values():
        if definition.kind == "interface":
            continue
        by_interface = {
            name
            for i in definition.interfaces
            if (t := subgraph.types.get(i)) is not None
            for name in t.fields
        }
        for field in definition.fields.values():
            place = (definition.name, field.name)
            if field.external and place not in used and field.name not in by_interface:
                message = (
                    f"[{subgraph.name}] Field '{definition.name}.{field.name}' is marked @external but is not "
                    "used in any federation directive, nor needed by an interface."
                )
                where = location_of(subgraph.name, field.node)
                yield CompositionError("EXTERNAL_UNUSED", message, (subgraph.name,), where)


def _used(subgraph: Subgraph) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for definition in subgraph.types.values():
        for key in definition.keys:
            _collect(subgraph, key.fields, definition.name, found)
        for field in definition.fields.values():
            if field.requires is not None:
                _collect(subgraph, field.requires, definition.name, found)
            if field.provides is not None:
                _collect(subgraph, field.provides, named(field.type), found)
    return found


def _collect(subgraph: Subgraph, text: str, type_name: str, found: set[tuple[str, str]]) -> None:
    try:
        _walk(subgraph, parsed(text), type_name, found)
    except GraphQLSyntaxError:
        return  # another rule tells of it


def _walk(
    subgraph: Subgraph, selections: SelectionSetNode, type_name: str, found: set[tuple[str, str]]
) -> None:
    definition = subgraph.types.get(type_name)
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            _walk(subgraph, selection.selection_set, condition.name.value if condition else type_name, found)
        elif isinstance(selection, FieldNode):
            name = selection.name.value
            found.add((type_name, name))
            if definition is not None and definition.kind == "interface":
                found |= {(t.name, name) for t in subgraph.types.values() if type_name in t.interfaces}
            field = definition.fields.get(name) if definition else None
            if field is not None and selection.selection_set is not None:
                _walk(subgraph, selection.selection_set, named(field.type), found)
