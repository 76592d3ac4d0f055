"""A graph can be asked something."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError
from gateway.composition.graph import Graph
from gateway.composition.model.merged import Merged

__all__ = ["queries"]


def queries(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """One error where no subgraph has a query."""
    if "Query" not in merged.types:
        yield CompositionError("NO_QUERIES", "No subgraph has a query.", tuple(graph.subgraphs))
