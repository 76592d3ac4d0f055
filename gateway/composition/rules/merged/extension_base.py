"""A type that is extended is defined somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.model.merged import Merged
from gateway.federation.directives import ROOT_TYPES

__all__ = ["extension_base"]


def extension_base(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each subgraph that extends a type which none defines."""
    for one in merged.types.values():
        if one.name in ROOT_TYPES or not all(d.extension for d in one.sources.values()):
            continue
        for subgraph, definition in one.sources.items():
            message = f'[{subgraph}] "{one.name}" is extended, and no subgraph defines it.'
            where = location_of(subgraph, definition.node)
            yield CompositionError("EXTENSION_WITH_NO_BASE", message, (subgraph,), where)
