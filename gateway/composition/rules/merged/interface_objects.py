"""An `@interfaceObject` stands for an interface of other subgraphs, and for all that implements it."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.model.merged import Merged

__all__ = ["interface_objects"]

_CODE = "INTERFACE_OBJECT_USAGE_ERROR"


def interface_objects(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each that is an interface nowhere, or stands beside one of its implementations."""
    for name, sources in graph.definitions.items():
        objects = {s: d for s, d in sources.items() if d.interface_object}
        if objects and len(objects) == len(graph.all_definitions[name]):
            message = f'"{name}" is an @interfaceObject in all its subgraphs, and an interface in none.'
            where = tuple(place for s, d in objects.items() for place in location_of(s, d.node))
            yield CompositionError(_CODE, message, tuple(objects), where)
        for subgraph, definition in objects.items():
            types = graph.subgraphs[subgraph].types
            beside = [i for i in graph.implementations.get(name, ()) if i in types]
            if beside:
                message = (
                    f'[{subgraph}] "{name}" is an @interfaceObject, so {", ".join(beside)} cannot be here.'
                )
                where = tuple(
                    p
                    for d in (definition, *map(types.get, beside))
                    if d
                    for p in location_of(subgraph, d.node)
                )
                yield CompositionError(_CODE, message, (subgraph,), where)
