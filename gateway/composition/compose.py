"""Composition as a whole: read, check, merge, check again, print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graphql import NameNode

from gateway.composition.errors import Composed, CompositionError, CompositionFailed
from gateway.composition.merging import Merger
from gateway.composition.model import Definition, Subgraph
from gateway.composition.printing import print_supergraph
from gateway.composition.reading import graph_names, read_subgraph
from gateway.composition.rules import AFTER_MERGE, BEFORE_MERGE
from gateway.composition.satisfiability import MAX_PATHS, Findings, check_satisfiability
from gateway.supergraph import InvalidSupergraph, load_supergraph

__all__ = ["compose_from_sdls"]

_MACHINE_ROOT = "Query"
_NOWHERE = NameNode(value="")


def compose_from_sdls(
    subgraphs: Sequence[tuple[str, str, str]], *, max_validation_paths: int = MAX_PATHS
) -> Composed:
    """Compose ``(name, url, sdl)`` of each subgraph; raises CompositionFailed with every error found.

    ``max_validation_paths`` bounds the ways that the check of satisfiability keeps open at once.
    """
    read = _read(sorted(subgraphs))
    _fail_on([error for subgraph in read for rule in BEFORE_MERGE for error in rule(subgraph)])
    whole = [_with_query(subgraph) for subgraph in read] if any("Query" in s.types for s in read) else read
    merger = Merger(whole)
    types = merger.merge()
    errors = [*merger.errors, *(error for rule in AFTER_MERGE for error in rule(whole, types))]
    if errors:
        raise CompositionFailed(errors, merger.hints)
    sdl = print_supergraph(whole, types)
    found = _satisfiability(sdl, max_validation_paths)
    hints = (*merger.hints, *found.hints)
    if found.errors:
        raise CompositionFailed(found.errors, hints)
    return Composed(sdl, hints)


def _satisfiability(sdl: str, max_paths: int) -> Findings:
    try:
        return check_satisfiability(load_supergraph(sdl), max_paths)
    except InvalidSupergraph as invalid:
        return Findings((CompositionError(invalid.code, str(invalid)),))


def _read(subgraphs: Sequence[tuple[str, str, str]]) -> list[Subgraph]:
    graphs = graph_names([name for name, _, _ in subgraphs])
    found = [read_subgraph(name, url, sdl, graphs[name]) for name, url, sdl in subgraphs]
    _fail_on([f for f in found if isinstance(f, CompositionError)])
    return [f for f in found if isinstance(f, Subgraph)]


def _fail_on(errors: Sequence[CompositionError]) -> None:
    if errors:
        raise CompositionFailed(errors)


def _with_query(subgraph: Subgraph) -> Subgraph:
    """Every subgraph has a query type for the protocol's own fields, though it may answer nothing else."""
    if _MACHINE_ROOT in subgraph.types:
        return subgraph
    empty = Definition("type", _MACHINE_ROOT, None, (), _NOWHERE)
    return replace(subgraph, types={**subgraph.types, _MACHINE_ROOT: empty})
