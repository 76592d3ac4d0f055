"""What has the key of an interface can be found by it, whichever of its types it is."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, SelectionSetNode, print_ast

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.possible import possible_types
from gateway.composition.model.subgraph import Definition, Key, Subgraph
from gateway.federation.field_sets import parse_field_set

__all__ = ["interface_keys"]

_Selected = frozenset[tuple[str, object]]


def interface_keys(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each key of an interface that an implementation lacks, or has without being resolvable by it."""
    interfaces = [d for d in subgraph.types.values() if d.kind == "interface" and d.keys]
    possible = possible_types(subgraph.types) if interfaces else {}
    for interface in interfaces:
        types = [subgraph.types[name] for name in possible[interface.name]]
        for key in interface.keys:
            told = _problem(key, types)
            if told is not None:
                message = f"The key '{key.fields}' of interface '{interface.name}' {told}."
                yield error_in(subgraph.name, "INTERFACE_KEY_NOT_ON_IMPLEMENTATION", message, interface.node)


def _problem(key: Key, types: list[Definition]) -> str | None:
    found = {definition.name: _matching(key, definition) for definition in types}
    missing = [name for name, match in found.items() if match is None]
    if missing:
        return f"is missing on {', '.join(missing)}"
    unresolvable = [name for name, match in found.items() if match is not None and not match.resolvable]
    if key.resolvable and unresolvable:
        return f"is resolvable, but not on {', '.join(unresolvable)}"
    return None


def _matching(key: Key, definition: Definition) -> Key | None:
    selected = _selected(key)
    return next((other for other in definition.keys if _selected(other) == selected), None)


def _selected(key: Key) -> _Selected | str:
    """What a key selects, in no order."""
    try:
        return _set(parse_field_set(key.fields))
    except GraphQLSyntaxError:
        return key.fields


def _set(selections: SelectionSetNode) -> _Selected:
    found: list[tuple[str, object]] = []
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            inner = _set(selection.selection_set) if selection.selection_set is not None else None
            name = selection.alias or selection.name
            found.append((name.value, inner))
        elif isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            found.append((f"... {print_ast(condition) if condition else ''}", _set(selection.selection_set)))
    return frozenset(found)
