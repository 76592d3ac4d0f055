"""Composition as a whole: read, check, merge, check again, print, and see whether all can be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graphql import NameNode

from gateway.composition.collecting import few_collections
from gateway.composition.errors import Composed, CompositionError, CompositionFailed
from gateway.composition.graph import Graph
from gateway.composition.graph_names import graph_names
from gateway.composition.locating import located
from gateway.composition.merging import Report, merge
from gateway.composition.model.merged import Merged
from gateway.composition.model.subgraph import Definition, Subgraph
from gateway.composition.printing import print_supergraph
from gateway.composition.reading import (
    ReadSubgraph,
    Unparsable,
    Unreadable,
    read_subgraph,
    upgrade_subgraphs,
)
from gateway.composition.rules import AFTER_MERGE, broken_rules
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
    report = Report()
    with few_collections():
        sdl = print_supergraph(_merge(_read(sorted(subgraphs)), report))
    with few_collections():  # anew, so that what was read is gone by now
        found = _satisfiability(sdl, max_validation_paths)
    hints = (*report.hints, *found.hints)
    if found.errors:
        raise CompositionFailed(located(found.errors, _read(sorted(subgraphs))), hints)
    return Composed(sdl, hints)


def _satisfiability(sdl: str, max_paths: int) -> Findings:
    try:
        return check_satisfiability(load_supergraph(sdl), max_paths)
    except InvalidSupergraph as invalid:
        return Findings((CompositionError(invalid.code, str(invalid)),))


def _read(subgraphs: Sequence[tuple[str, str, str]]) -> list[Subgraph]:
    """The subgraphs, each in order and all of federation 2 by now; raises CompositionFailed."""
    names = [name for name, _, _ in subgraphs]
    _fail_on(_repeated(names))
    graphs = graph_names(names)
    read: list[ReadSubgraph] = []
    unparsable: list[CompositionError] = []
    errors: list[CompositionError] = []
    for name, url, sdl in subgraphs:
        try:
            one = read_subgraph(name, url, sdl, graphs[name])
        except Unparsable as no_text:
            unparsable += no_text.errors
            continue
        except Unreadable as unreadable:
            errors += unreadable.errors
            continue
        read.append(one)
        errors += one.errors
        if one.is_federation_2:
            errors += broken_rules(one.subgraph)
    _fail_on(unparsable or errors)
    try:
        upgraded = upgrade_subgraphs(read)
    except Unreadable as unreadable:
        raise CompositionFailed(unreadable.errors) from None
    _fail_on([error for subgraph in upgraded if subgraph.upgraded for error in broken_rules(subgraph)])
    return upgraded


def _repeated(names: Sequence[str]) -> list[CompositionError]:
    twice = sorted({name for name in names if names.count(name) > 1})
    told = "Two subgraphs are called '{}'; give each its own name."
    return [CompositionError("INVALID_SUBGRAPH_NAME", told.format(name), (name,)) for name in twice]


def _merge(read: Sequence[Subgraph], report: Report) -> Merged:
    whole = [_with_query(subgraph) for subgraph in read] if any("Query" in s.types for s in read) else read
    graph = Graph(whole)
    merged = merge(whole, graph, report)
    if merged is None:
        raise CompositionFailed(report.errors, report.hints)
    for stage in AFTER_MERGE:
        report.errors += [error for rule in stage for error in rule(merged, graph)]
        _fail_on(report.errors, report)
    return merged


def _fail_on(errors: Sequence[CompositionError], report: Report | None = None) -> None:
    if errors:
        raise CompositionFailed(errors, report.hints if report is not None else ())


def _with_query(subgraph: Subgraph) -> Subgraph:
    """Every subgraph has a query type for the protocol's own fields, though it may answer nothing else."""
    if _MACHINE_ROOT in subgraph.types:
        return subgraph
    empty = Definition("type", _MACHINE_ROOT, None, (), _NOWHERE)
    return replace(subgraph, types={**subgraph.types, _MACHINE_ROOT: empty})
