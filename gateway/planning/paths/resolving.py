"""What must be fetched first: how to get a key or a required field of an entity, and so into which subgraphs.

Both follow from the graph alone, and are remembered with it. Subgraphs that can be entered from a node
are found in rounds, as shortest paths are: each round uses what those before it have found, until nothing
is found and nothing becomes cheaper. So the work grows with the keys, never with the orders to try them in.

A field that requires others must not be used to get what it requires. While these are resolved it is
barred; an answer is remembered with the bars it met and those it only asked about, and holds wherever
these are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from gateway.planning.errors import Unsatisfiable
from gateway.planning.paths.best import choose
from gateway.planning.paths.covers import Coverage
from gateway.planning.paths.steps import Condition, Kind, Step, Unit
from gateway.query_graph.graph import KeyEdge, Node, QueryGraph
from gateway.query_graph.selection import Selection, Selections

__all__ = ["Entry", "Resolver"]

Entry: TypeAlias = tuple[KeyEdge, Condition]
"""A way into another subgraph, and how to get its key."""
Bar: TypeAlias = Hashable
_T = TypeVar("_T")
_MAX_ANSWERS = 16
"""Remembered for one question: more differ in their bars only in graphs made to be slow."""


@dataclass(slots=True)
class _Frame:
    """What the answer being worked out depends on."""

    asked: set[Bar] = field(default_factory=set)
    unfinished: bool = False
    """Whether it used entries that are still being found."""


@dataclass(frozen=True, slots=True)
class _Answer(Generic[_T]):
    value: _T
    asked: frozenset[Bar]
    met: frozenset[Bar]


class Resolver:
    """Answers for one plan; ``units`` walks selections from a step."""

    def __init__(
        self,
        graph: QueryGraph,
        coverage: Coverage,
        units: Callable[[list[Step], Selections, str], list[Unit]],
    ) -> None:
        self._coverage = coverage
        self._units = units
        self._conditions: dict[object, list[_Answer[Condition | None]]] = graph.caches.setdefault(
            "conditions", {}
        )  # type: ignore[assignment]
        self._entries: dict[object, list[_Answer[list[Entry]]]] = graph.caches.setdefault("entries", {})  # type: ignore[assignment]
        self._bars: set[Bar] = set()
        self._frames: list[_Frame] = []
        self._open: dict[int, tuple[list[Entry], int]] = {}

    def is_barred(self, bar: Bar) -> bool:
        """Whether what is being resolved must do without it."""
        if self._frames:
            self._frames[-1].asked.add(bar)
        return bar in self._bars

    @contextmanager
    def barring(self, bar: Bar) -> Iterator[None]:
        """Resolve without it."""
        self._bars.add(bar)
        try:
            yield
        finally:
            self._bars.discard(bar)

    def resolve(self, node: Node, selections: Selections) -> Condition | None:
        """How to get ``selections`` of an entity at ``node``; None where it cannot be done."""
        key = (node.number, id(selections))
        return self._remembered(self._conditions, key, lambda: self._resolve(node, selections))

    def _resolve(self, node: Node, selections: Selections) -> Condition | None:
        start = Step(None, node, Kind.START, (), {}, 0)
        if self._coverage.covers(node, selections):
            return Condition(selections, start, ((start, list[Selection](selections)),))
        try:
            return Condition(selections, start, choose(self._units([start], selections, node.type_name)))
        except Unsatisfiable:
            return None

    def entries(self, node: Node) -> list[Entry]:
        """The cheapest way from the node into each other subgraph that has its entity."""
        under_way = self._open.get(node.number)
        if under_way is not None:
            found, depth = under_way
            for frame in self._frames[depth + 1 :]:
                frame.unfinished = True
            return found
        return self._remembered(self._entries, node.number, lambda: self._find_entries(node))

    def _find_entries(self, node: Node) -> list[Entry]:
        best: dict[int, tuple[int, KeyEdge, Condition]] = {}
        waiting = [edge for edge in node.keys if not _leads_back(edge, node)]
        try:
            while True:
                self._open[node.number] = (_entries(best), len(self._frames) - 1)
                changed, distant = False, []
                for edge in waiting:
                    condition = self.resolve(node, edge.key)
                    if condition is None or not condition.local:
                        distant.append(edge)
                    if condition is None:
                        continue
                    cost = condition.cost + len(edge.key)
                    known = best.get(edge.target.number)
                    if known is None or cost < known[0]:
                        best[edge.target.number] = (cost, edge, condition)
                        changed = True
                waiting = distant
                if not (changed and waiting):
                    return _entries(best)
        finally:
            del self._open[node.number]

    def own_key(self, node: Node) -> Entry | None:
        """The cheapest way to enter the node's own subgraph anew."""
        found: tuple[int, KeyEdge, Condition] | None = None
        for edge in node.keys:
            if edge.target.subgraph == node.subgraph:
                condition = self.resolve(node, edge.key)
                if condition is not None and (found is None or condition.cost < found[0]):
                    found = (condition.cost, edge, condition)
        return (found[1], found[2]) if found else None

    def _remembered(self, known: dict[object, list[_Answer[_T]]], key: object, work: Callable[[], _T]) -> _T:
        answers = known.get(key, ())
        for answer in answers:
            if answer.asked & self._bars == answer.met:
                if self._frames:
                    self._frames[-1].asked |= answer.asked
                return answer.value
        frame = _Frame()
        self._frames.append(frame)
        try:
            value = work()
        finally:
            self._frames.pop()
            if self._frames:
                self._frames[-1].asked |= frame.asked
        if not frame.unfinished and len(answers) < _MAX_ANSWERS:
            asked = frozenset(frame.asked)
            known.setdefault(key, []).append(_Answer(value, asked, asked & self._bars))
        return value


def _leads_back(edge: KeyEdge, node: Node) -> bool:
    return edge.target.subgraph == node.subgraph and edge.target.type_name == node.type_name


def _entries(best: dict[int, tuple[int, KeyEdge, Condition]]) -> list[Entry]:
    return [(edge, condition) for _, edge, condition in best.values()]
