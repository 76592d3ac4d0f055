"""Satisfiability as a whole: every query the API allows can be answered by the subgraphs together."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from gateway.composition.errors import CompositionError, Hint
from gateway.composition.satisfiability.conditions import MAX_DEPTH, Conditions, TooComplex
from gateway.composition.satisfiability.paths import Paths
from gateway.composition.satisfiability.reasons import reasons
from gateway.composition.satisfiability.runtime_types import judge_runtime_types
from gateway.composition.satisfiability.walk import DeadEnd, Shared, TooManyPaths, Walk
from gateway.composition.satisfiability.witness import witness
from gateway.query_graph import QueryGraph, build_query_graph
from gateway.supergraph import Supergraph

__all__ = ["MAX_PATHS", "Findings", "check_satisfiability"]

MAX_PATHS = 1_000_000
"""Paths that may wait to be looked at, before a graph is refused as too entangled."""

_CALLS = 24
"""Calls for one condition within another, at most."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What cannot be answered, and what is worth a look."""

    errors: tuple[CompositionError, ...] = ()
    hints: tuple[Hint, ...] = ()


def check_satisfiability(supergraph: Supergraph, max_paths: int = MAX_PATHS) -> Findings:
    """Walk all that clients can ask of a supergraph."""
    return _Check(build_query_graph(supergraph, None), max_paths).run()


class _Check:
    def __init__(self, graph: QueryGraph, max_paths: int) -> None:
        self._graph = graph
        self._conditions = Conditions(graph)
        self._paths = Paths(graph, self._conditions)
        self._walk = Walk(graph, self._paths, max_paths)
        self._errors: list[CompositionError] = []
        self._hints: list[Hint] = []

    def run(self) -> Findings:
        try:
            with _deep_enough():
                self._walk.run(self._judge)
        except (TooManyPaths, TooComplex, RecursionError):
            return Findings((_too_many(self._graph),), tuple(self._hints))
        errors = [*self._errors, *map(self._unsatisfied, self._walk.dead_ends)]
        for field, by_subgraph in self._walk.mutations.items():
            if all(by_subgraph.values()):
                errors.append(self._mutation(field, by_subgraph))
        return Findings(tuple(errors), tuple(self._hints))

    def _judge(self, shared: Shared) -> bool:
        found = judge_runtime_types(self._graph, shared)
        if isinstance(found, CompositionError):
            self._errors.append(found)
            return False
        if found is not None:
            self._hints.append(found)
        return True

    def _unsatisfied(self, dead_end: DeadEnd) -> CompositionError:
        told, subgraphs = self._told(dead_end)
        return CompositionError("SATISFIABILITY_ERROR", told, subgraphs, coordinate=dead_end.way.coordinate)

    def _mutation(self, field: str, by_subgraph: Mapping[str, list[DeadEnd]]) -> CompositionError:
        lines = [f'One subgraph has to answer all that is asked of the mutation "{field}", and none can:']
        for subgraph, dead_ends in by_subgraph.items():
            lines.append(f'- When "{field}" is asked of "{subgraph}":')
            for dead_end in dead_ends:
                lines += ["  " + line for line in self._told(dead_end)[0].splitlines()]
        return CompositionError(
            "SATISFIABILITY_ERROR", "\n".join(lines), tuple(by_subgraph), coordinate=field
        )

    def _told(self, dead_end: DeadEnd) -> tuple[str, tuple[str, ...]]:
        found = reasons(self._graph, self._paths, self._conditions, dead_end)
        lines = [
            "The subgraphs cannot answer this query:",
            witness(dead_end.state.kind, dead_end.way),
            "because:",
        ]
        for subgraph, told in found.items():
            lines += [f'- in "{subgraph}": {one}.' for one in told]
        return "\n".join(lines), tuple(found)


@contextmanager
def _deep_enough() -> Iterator[None]:
    """Room for conditions within conditions, each of which is some calls deep."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _CALLS * MAX_DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _too_many(graph: QueryGraph) -> CompositionError:
    message = (
        "There are too many ways by which the subgraphs could answer to look at them all: give types fewer keys, "
        "or requirements fewer requirements of their own, or raise the number of paths that may be open at once."
    )
    return CompositionError(
        "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED", message, tuple(graph.supergraph.subgraphs)
    )
