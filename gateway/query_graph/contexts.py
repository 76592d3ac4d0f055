"""What an argument selects of the object that sets its context (``@fromContext``)."""

from __future__ import annotations

from gateway.federation.field_sets import parse_field_set
from gateway.query_graph.graph import QueryGraph
from gateway.query_graph.selection import Normalizer, Selections
from gateway.supergraph import ContextArgument

__all__ = ["context_selections"]


def context_selections(graph: QueryGraph, argument: ContextArgument, type_name: str) -> Selections:
    """The argument's selections of a type; the same object each time."""
    known = graph.caches.setdefault("context selections", {})
    found = known.get((argument.selection, type_name))
    if found is None:
        normalizer = Normalizer(graph.supergraph.schema, graph.possible, {})
        found = normalizer.normalize(parse_field_set(argument.selection.strip()).selections, type_name)
        known[argument.selection, type_name] = found
    assert isinstance(found, tuple)  # noqa: S101
    return found
