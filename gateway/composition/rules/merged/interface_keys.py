"""A subgraph that finds things by an interface's key knows every type that implements it."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.model.merged import Merged

__all__ = ["interface_keys"]


def interface_keys(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each interface with a key that can be resolved, in a subgraph that lacks implementations."""
    for name, implementations in graph.implementations.items():
        for subgraph, definition in graph.definitions.get(name, {}).items():
            if definition.kind != "interface" or not any(k.resolvable for k in definition.keys):
                continue
            types = graph.subgraphs[subgraph].types
            missing = [i for i in implementations if i not in types or name not in types[i].interfaces]
            if missing:
                message = (
                    f'[{subgraph}] "{name}" has a key that can be resolved, so all its implementations are to be '
                    f"here; missing: {', '.join(missing)}."
                )
                where = location_of(subgraph, definition.node)
                yield CompositionError(
                    "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", message, (subgraph,), where
                )
