"""Where the subgraphs define what an error is about that only the supergraph showed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gateway.composition.errors import CompositionError, Location, location_of
from gateway.composition.model.subgraph import Subgraph

__all__ = ["located"]


def located(
    errors: Iterable[CompositionError], subgraphs: Sequence[Subgraph]
) -> tuple[CompositionError, ...]:
    """The errors, those with a coordinate and no locations with the places where that is defined."""
    return tuple(
        replace(error, locations=_places(error.coordinate, subgraphs))
        if error.coordinate is not None and not error.locations
        else error
        for error in errors
    )


def _places(coordinate: str, subgraphs: Sequence[Subgraph]) -> tuple[Location, ...]:
    type_name, _, field = coordinate.partition(".")
    definitions = [(s.name, s.types[type_name]) for s in subgraphs if type_name in s.types]
    if not field:
        return tuple(place for s, definition in definitions for place in location_of(s, definition.node))
    interfaces = dict.fromkeys(i for _, definition in definitions for i in definition.interfaces)
    return _fields([type_name], field, subgraphs) or _fields(interfaces, field, subgraphs)


def _fields(types: Iterable[str], name: str, subgraphs: Sequence[Subgraph]) -> tuple[Location, ...]:
    """Where a field of one of the types is defined; one that is external is defined elsewhere."""
    return tuple(
        place
        for subgraph in subgraphs
        for type_name in types
        if (definition := subgraph.types.get(type_name)) is not None
        if (field := definition.fields.get(name)) is not None and not field.external
        for place in location_of(subgraph.name, field.node)
    )
