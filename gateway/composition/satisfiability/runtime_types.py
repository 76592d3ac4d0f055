"""A shared field answers with the same object wherever it is asked, so its possible types cannot be disjoint."""

from __future__ import annotations

from graphql import get_named_type

from gateway.composition.errors import CompositionError, Hint
from gateway.composition.satisfiability.walk import Shared
from gateway.composition.satisfiability.witness import witness
from gateway.query_graph import QueryGraph

__all__ = ["judge_runtime_types"]


def judge_runtime_types(graph: QueryGraph, shared: Shared) -> CompositionError | Hint | None:
    """An error where subgraphs have no type of the answer in common, a hint where they have not the same."""
    paths = shared.state.paths()
    if sum(path.node.is_abstract for path in paths) < 2 or not _is_shared(graph, shared.parent, shared.name):
        return None
    api = graph.supergraph.api_schema
    known = api.type_map[shared.state.type_name]
    common = {one.name for one in api.get_possible_types(known)}  # type: ignore[arg-type]
    by_subgraph: dict[str, frozenset[str]] = {}
    for path in paths:
        possible = path.node.possible
        if not path.node.interface_object and not (len(possible) == 1 and not possible & common):
            by_subgraph[path.node.subgraph] = possible
    everywhere = common.intersection(*by_subgraph.values())
    if not any(by_subgraph.values()) or (everywhere and len(set(by_subgraph.values())) < 2):
        return None
    told = "; ".join(
        f'"{subgraph}" has {", ".join(sorted(types)) or "none"}' for subgraph, types in by_subgraph.items()
    )
    way = shared.state.way
    assert way.field is not None  # noqa: S101
    place = f"{shared.parent}.{shared.name}"
    query = witness(shared.state.kind, way)
    answer = get_named_type(way.field.type).name
    if not everywhere:
        message = (
            f'Subgraphs that share "{place}" have no type of its answer "{answer}" in common: {told}. A shared field '
            f"has to answer alike everywhere, which this query cannot be sure of:\n{query}"
        )
        return CompositionError(
            "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES", message, tuple(by_subgraph), coordinate=place
        )
    message = (
        f'Subgraphs that share "{place}" know different types of its answer "{answer}": {told}. See that each only '
        f"ever answers with one of {', '.join(sorted(everywhere))}, for instance to this query:\n{query}"
    )
    return Hint("INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN", message)


def _is_shared(graph: QueryGraph, type_name: str, name: str) -> bool:
    count = 0
    for types in graph.supergraph.types.values():
        known = types.get(type_name)
        declared = known.fields.get(name) if known else None
        if declared is not None and not declared.external:
            count += declared.override_label is not None or not declared.overridden
    return count > 1
