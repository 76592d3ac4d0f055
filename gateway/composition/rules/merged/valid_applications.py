"""What composed directives are applied to, and with, is what their one definition takes (GraphQL, 3.13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.merging.applied import HasApplied
from gateway.composition.model.merged import Application, Merged, MergedArgument, MergedDirective, MergedType
from gateway.composition.rules.merged.valid_value import is_valid_value

__all__ = ["valid_applications"]

_LOCATIONS = {
    "type": "OBJECT",
    "interface": "INTERFACE",
    "union": "UNION",
    "enum": "ENUM",
    "input": "INPUT_OBJECT",
    "scalar": "SCALAR",
}


class _Element(NamedTuple):
    """Something of the supergraph that directives stand on."""

    place: str
    location: str
    applied: Sequence[Application]
    sources: Mapping[str, HasApplied | None]


def valid_applications(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each application that a subgraph's own definition allows, and the supergraph's does not."""
    for element in _elements(merged) if merged.directives else ():
        for application in element.applied:
            definition = merged.directives.get(application.name)
            if definition is not None:
                for told in _problems(merged, definition, application, element.location):
                    yield _error(element, definition.name, told)


def _problems(
    merged: Merged, definition: MergedDirective, application: Application, location: str
) -> Iterator[str]:
    if location not in definition.locations:
        yield f"it cannot stand on {location}"
    given = dict(application.arguments)
    for name, argument in definition.arguments.items():
        value = given.pop(name, None)
        if value is None:
            if argument.required:
                yield f'it needs the argument "{name}"'
        elif not is_valid_value(merged, argument.type, value):
            yield f'the value of "{name}" is none of type "{argument.type}"'
    for name in given:
        yield f'it has no argument "{name}"'


def _elements(merged: Merged) -> Iterator[_Element]:
    yield _Element("schema", "SCHEMA", merged.applied, {s.name: s for s in merged.subgraphs})
    for one in merged.types.values():
        yield from _of_type(one)
    for directive in merged.directives.values():
        yield from _arguments(f"@{directive.name}", directive.arguments)


def _of_type(one: MergedType) -> Iterator[_Element]:
    yield _Element(one.name, _LOCATIONS[one.kind], one.applied, one.sources)
    for field in one.fields.values():
        place = f"{one.name}.{field.name}"
        yield _Element(place, "FIELD_DEFINITION", field.applied, field.sources)
        yield from _arguments(place, field.arguments)
    for given in one.inputs.values():
        yield _Element(f"{one.name}.{given.name}", "INPUT_FIELD_DEFINITION", given.applied, given.sources)
    for value in one.values.values():
        having = {s: one.sources[s].values[value.name] for s in value.subgraphs}
        yield _Element(f"{one.name}.{value.name}", "ENUM_VALUE", value.applied, having)


def _arguments(place: str, arguments: Mapping[str, MergedArgument]) -> Iterator[_Element]:
    for argument in arguments.values():
        here = f"{place}({argument.name}:)"
        yield _Element(here, "ARGUMENT_DEFINITION", argument.applied, argument.sources)


def _error(element: _Element, name: str, told: str) -> CompositionError:
    nodes = [
        (subgraph, applied.node)
        for subgraph, source in element.sources.items()
        for applied in (source.applied if source is not None else ())
        if applied.node.name.value == name
    ]
    message = f'"@{name}" on "{element.place}": {told}.'
    where = tuple(place for subgraph, node in nodes for place in location_of(subgraph, node))
    return CompositionError("INVALID_GRAPHQL", message, tuple(dict.fromkeys(s for s, _ in nodes)), where)
