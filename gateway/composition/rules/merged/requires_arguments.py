"""`@requires` still holds in the merged graph, where fields take only the arguments that all subgraphs know."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, SelectionSetNode

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.model.merged import Merged
from gateway.composition.model.typing import base
from gateway.federation.field_sets import parse_field_set

__all__ = ["requires_arguments"]


def requires_arguments(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each requirement that gives an argument which is not there, or leaves out one that must be given."""
    for subgraph in graph.subgraphs.values():
        for definition in subgraph.types.values():
            for field in definition.fields.values():
                if field.requires is None:
                    continue
                try:
                    selections = parse_field_set(field.requires)
                except GraphQLSyntaxError:
                    continue
                problem = next(_problems(merged, definition.name, selections), None)
                if problem is not None:
                    place = f"{definition.name}.{field.name}"
                    message = f'[{subgraph.name}] "{place}" requires "{field.requires}", but {problem}.'
                    where = location_of(subgraph.name, field.node)
                    yield CompositionError("REQUIRES_INVALID_FIELDS", message, (subgraph.name,), where)


def _problems(merged: Merged, type_name: str, selections: SelectionSetNode) -> Iterator[str]:
    found = merged.types.get(type_name)
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            inner = condition.name.value if condition else type_name
            yield from _problems(merged, inner, selection.selection_set)
        elif isinstance(selection, FieldNode) and found is not None:
            field = found.fields.get(selection.name.value)
            if field is None:
                continue
            place = f"{type_name}.{field.name}"
            given = {a.name.value for a in selection.arguments or ()}
            for name in sorted(given - field.arguments.keys()):
                yield f'"{place}({name}:)" is not in all subgraphs that have the field'
            for argument in field.arguments.values():
                if argument.required and argument.name not in given:
                    yield f'"{place}({argument.name}:)" is required in some subgraph'
            if selection.selection_set is not None:
                yield from _problems(merged, base(field.type), selection.selection_set)
