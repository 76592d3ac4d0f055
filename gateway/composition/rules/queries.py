"""A graph can be asked something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gateway.composition.errors import CompositionError
from gateway.composition.merged import MergedType
from gateway.composition.model import Subgraph

__all__ = ["queries"]


def queries(subgraphs: Sequence[Subgraph], types: Mapping[str, MergedType]) -> Iterator[CompositionError]:
    """One error where no subgraph has a query."""
    if "Query" not in types:
        yield CompositionError(
            "NO_QUERIES", "No queries found in any subgraph.", tuple(s.name for s in subgraphs)
        )
