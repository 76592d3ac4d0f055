"""The merged graph is a valid GraphQL schema (https://spec.graphql.org/draft/#sec-Type-System)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import specified_scalar_types

from gateway.composition.cycles import find_cycle
from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.merging.report import Sourced
from gateway.composition.model.merged import Merged, MergedArgument, MergedField, MergedType
from gateway.composition.model.typing import base, is_strict_subtype
from gateway.composition.rules.merged.valid_value import is_valid_value
from gateway.federation.join_definitions import join_names

__all__ = ["valid_schema"]


def valid_schema(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each thing that subgraphs may have by themselves, but not all together."""
    for one in merged.types.values():
        for interface in one.interfaces:
            yield from _interface(graph, one, merged.types[interface])
        for field in one.fields.values():
            if not _is_known(merged, field.type):
                yield _error(
                    f'"{one.name}.{field.name}" is of an unknown type, "{field.type}"', field.sources
                )
            for argument in field.arguments.values():
                yield from _argument(merged, f"{one.name}.{field.name}({argument.name}:)", argument)
        for given in one.inputs.values():
            yield from _argument(merged, f"{one.name}.{given.name}", given)
    for directive in merged.directives.values():
        for argument in directive.arguments.values():
            yield from _argument(merged, f"@{directive.name}({argument.name}:)", argument)
    yield from _cycles(merged)


def _interface(graph: Graph, one: MergedType, interface: MergedType) -> Iterator[CompositionError]:
    if interface is one:
        yield _error(f'"{one.name}" cannot implement itself', one.sources)
    for wider in interface.interfaces:
        if wider not in one.interfaces and wider != one.name:
            told = f'"{one.name}" implements "{interface.name}", and so must implement "{wider}"'
            yield _error(told, one.sources)
    for expected in interface.fields.values():
        yield from _field(graph, one, one.fields[expected.name], interface.name, expected)


def _field(
    graph: Graph, one: MergedType, field: MergedField, interface: str, expected: MergedField
) -> Iterator[CompositionError]:
    told = f'"{one.name}.{field.name}" does not implement "{interface}.{field.name}": '
    if field.type != expected.type and not is_strict_subtype(field.type, expected.type, graph.is_subtype):
        yield _error(f'{told}its type is "{field.type}", not "{expected.type}"', field.sources)
    for argument in expected.arguments.values():
        own = field.arguments.get(argument.name)
        if own is None:
            yield _error(f'{told}the argument "{argument.name}" is missing', field.sources)
        elif own.type != argument.type:
            wanted = f'the argument "{argument.name}" is of type "{own.type}", not "{argument.type}"'
            yield _error(told + wanted, field.sources)
    for argument in field.arguments.values():
        if argument.required and argument.name not in expected.arguments:
            yield _error(f'{told}the argument "{argument.name}" is required', field.sources)


def _argument(merged: Merged, place: str, argument: MergedArgument) -> Iterator[CompositionError]:
    if not _is_known(merged, argument.type):
        yield _error(f'"{place}" is of an unknown type, "{argument.type}"', argument.sources)
    if argument.required and any(a.name == "deprecated" for a in argument.applied):
        yield _error(f'"{place}" is required, and cannot be deprecated', argument.sources)
    if argument.default is not None and not is_valid_value(merged, argument.type, argument.default):
        yield _error(f'The default value of "{place}" is none of type "{argument.type}"', argument.sources)


def _cycles(merged: Merged) -> Iterator[CompositionError]:
    """Input types that need themselves: no value of theirs could end."""
    needs = {
        one.name: {base(f.type) for f in one.inputs.values() if f.type.endswith("!") and "[" not in f.type}
        for one in merged.types.values()
        if one.kind == "input"
    }
    cycle = find_cycle(needs)
    if cycle is not None:
        told = f'"{cycle[0]}" cannot be given: it contains itself, by {" in ".join(cycle)}'
        yield _error(told, merged.types[cycle[0]].sources)


def _is_known(merged: Merged, type_: str) -> bool:
    name = base(type_)
    known = name in merged.types or name in specified_scalar_types
    return known or name in join_names(merged.join_version)


def _error(message: str, sources: Mapping[str, Any]) -> CompositionError:
    found: dict[str, Sourced] = {s: source for s, source in sources.items() if source is not None}
    where = tuple(place for s, source in found.items() for place in location_of(s, source.node))
    return CompositionError("INVALID_GRAPHQL", f"{message}.", tuple(found), where)
