"""Which fields the field sets of a subgraph select, and which of its fields anything uses at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graphql import FieldNode, FragmentSpreadNode, GraphQLSyntaxError, InlineFragmentNode, SelectionSetNode

from gateway.composition.field_sets.contexts import parse_context
from gateway.composition.field_sets.selecting import on_condition
from gateway.composition.model.possible import possible_types
from gateway.composition.model.subgraph import Definition, Subgraph
from gateway.federation.field_sets import parse_field_set
from gateway.federation.type_references import named_type

__all__ = ["Place", "provided_fields", "selected_fields", "used_fields"]

Place = tuple[str, str]
"""A field, by the names of its type and its own."""


def used_fields(subgraph: Subgraph) -> frozenset[Place]:
    """What ``@key``, ``@requires``, ``@provides`` and ``@fromContext`` select, and what interfaces ask for."""
    types = subgraph.types
    possible = possible_types(types)
    found: set[Place] = set()
    for name, text in _selections(types):
        found.update(selected_fields(types, name, text, possible))
    for name, definition in types.items():
        if definition.kind == "interface":
            for implementation in possible[name]:
                found |= {(implementation, f) for f in definition.fields if f in types[implementation].fields}
    return frozenset(found)


def provided_fields(subgraph: Subgraph) -> frozenset[Place]:
    """What ``@provides`` select."""
    types = subgraph.types
    possible = possible_types(types)
    return frozenset(
        place
        for definition in types.values()
        for field in definition.fields.values()
        if field.provides is not None
        for place in selected_fields(types, named_type(field.type), field.provides, possible)
    )


def selected_fields(
    types: Mapping[str, Definition], name: str, text: str, possible: Mapping[str, Iterable[str]] | None = None
) -> Iterator[Place]:
    """The fields a field set on the type called ``name`` selects, up to where it goes wrong.

    With ``possible``, those of an interface's implementations with each of the interface.
    """
    try:
        selections = parse_field_set(text)
    except GraphQLSyntaxError:
        return
    try:
        yield from _walk(types, name, selections, possible)
    except LookupError:
        return


def _walk(
    types: Mapping[str, Definition],
    name: str,
    selections: SelectionSetNode,
    possible: Mapping[str, Iterable[str]] | None,
) -> Iterator[Place]:
    definition = types[name]
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            inner = on_condition(selection, name)
            yield from _walk(types, inner, selection.selection_set, possible)
        elif isinstance(selection, FragmentSpreadNode):
            raise LookupError(selection.name.value)
        elif isinstance(selection, FieldNode) and selection.name.value != "__typename":
            field = definition.fields[selection.name.value]
            yield name, field.name
            if possible is not None and definition.kind == "interface":
                yield from ((t, field.name) for t in possible[name] if field.name in types[t].fields)
            if selection.selection_set is not None:
                yield from _walk(types, named_type(field.type), selection.selection_set, possible)


def _selections(types: Mapping[str, Definition]) -> Iterator[tuple[str, str]]:
    """Each selection with the type that it is on."""
    contexts: dict[str, list[str]] = {}
    for name, definition in types.items():
        for context in definition.contexts:
            contexts.setdefault(context, []).append(name)
    for name, definition in types.items():
        for key in definition.keys:
            yield name, key.fields
        for field in definition.fields.values():
            if field.requires is not None:
                yield name, field.requires
            if field.provides is not None:
                yield named_type(field.type), field.provides
            for argument in field.arguments.values():
                value = parse_context(argument.context) if argument.context is not None else None
                if value is not None:
                    yield from ((on, value.selection) for on in contexts.get(value.name, ()))
