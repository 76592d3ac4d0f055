"""Plans with ``@defer``: a part that is deferred enters its entities anew, by keys the part around it asks for.

Where an object is, it was reached in some subgraph by a fetch of a part around; there, and in no other way, the
deferred part begins: from a node that has nothing but the fields of that subgraph's keys. What the walk wants
of it is added to that fetch. So a part never waits for more than its keys, and asks also the subgraph it comes
from anew. A part that cannot be so entered (no entity, no key) stays with what is around it, and is only
answered later, as the specification allows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gateway.planning.defer.places import Place, only_keys, places, usable
from gateway.planning.defer.resuming import Resuming, Start
from gateway.planning.defer.split import Part, PartKey, Split, print_subselection, split
from gateway.planning.errors import Unsatisfiable
from gateway.planning.fetch_graph.assemble import Assembler
from gateway.planning.fetch_graph.emit import Emitter, in_sequence
from gateway.planning.fetch_graph.fetches import Fetch
from gateway.planning.fetch_graph.passes import optimize
from gateway.planning.limits import Budget
from gateway.planning.paths.best import choose, root_step
from gateway.planning.paths.steps import Kind, Step, Unit
from gateway.planning.paths.walk import Walker
from gateway.planning.plan import DeferNode, DeferredNode, OperationKind, PlanNode
from gateway.planning.shape import Shape
from gateway.query_graph import Node, QueryGraph, Selections
from gateway.query_graph.selection import Field, Fragment

__all__ = ["MAX_PARTS", "Deferring", "Group"]

MAX_PARTS = 32
"""Parts with fetches of their own; further ones are only answered later. Each may cost a plan anew."""

Group: TypeAlias = tuple[tuple[Node, ...], Selections]
"""Selections of the root that are fetched together, and the subgraphs that may be asked for them."""


@dataclass(frozen=True, slots=True)
class Deferring:
    """Plans one operation that defers."""

    graph: QueryGraph
    kind: OperationKind
    root: str
    emitter: Emitter
    budget: Budget
    labels: dict[int, str | None]

    def plan(self, selections: Selections, groups: Callable[[Selections], list[Group]]) -> PlanNode | None:
        """The plan; ``groups`` divides what comes first into what runs in turn."""
        staying: set[PartKey] = set()
        while True:
            parts = self._split(selections, staying)
            attempt = _Attempt(self, selections, staying)
            if attempt.fetch(parts, groups(parts.selections) if parts.selections else []):
                return attempt.emit(parts)

    def _split(self, selections: Selections, staying: set[PartKey]) -> Split:
        counted: set[PartKey] = set()

        def stays(key: PartKey, type_name: str) -> bool:
            counted.add(key)
            if key in staying or len(counted) > MAX_PARTS:
                return True
            return bool(key[1]) and not self._enterable(type_name)

        return split(self.graph.supergraph.schema, selections, self.root, stays)

    def _enterable(self, type_name: str) -> bool:
        names = {type_name, *self.graph.possible[type_name]}
        return any(node.keys for (_, name), node in self.graph.nodes.items() if name in names)


class _Attempt:
    """One try; it fails where a part turns out not to be enterable, which then stays."""

    def __init__(self, what: Deferring, selections: Selections, staying: set[PartKey]) -> None:
        self.what = what
        self.graph = what.graph
        self.staying = staying
        self.shape = Shape()
        self.shape.add(selections)
        self.primary: list[list[Fetch]] = []
        self.deferred: dict[int, list[Fetch]] = {}
        self.count = 0

    def fetch(self, parts: Split, groups: list[Group]) -> bool:
        """Assemble everything; whether nothing had to be added to ``staying``."""
        for roots, selections in groups:
            assembler = Assembler(self.graph, self.what.kind, self.shape, self.what.budget)
            starts = [root_step(node) for node in roots]
            assembler.add(self._choose(starts, selections, self.what.root))
            self.primary.append(self._numbered(assembler.fetches))
        around = [fetch for group in self.primary for fetch in group]
        return self._parts(parts.parts, around)

    def _parts(self, parts: tuple[Part, ...], around: list[Fetch]) -> bool:
        for part in parts:
            own: list[Fetch] = []
            if part.selections:
                try:
                    own = self._part(part, around)
                except Unsatisfiable:
                    self.staying.add(part.key)
                    return False
            self.deferred[id(part)] = own
            if not self._parts(part.inner, around + own):
                return False
        return True

    def _part(self, part: Part, around: list[Fetch]) -> list[Fetch]:
        at = self.shape
        for step in part.path:
            at = at if step == "@" else at.at(step)
        assembler = Resuming(self.graph, self.what.kind, self.shape, self.what.budget, part.path, at)
        units: list[Unit] = []
        walker = Walker(self.graph, self.what.budget)
        if not part.path:
            starts = [root_step(node) for node in self.graph.roots[self.what.kind]]
            units = walker.units(starts, part.selections, self.what.root)
        else:
            reached = list(places(self.graph, around, part.path))
            for name in self._types(part, reached):
                starts = [self._start(assembler, one, name) for one in usable(self.graph, reached, name)]
                if not starts:
                    raise Unsatisfiable(name, "__typename")
                units += walker.units(starts, part.selections, name)
        assembler.add(choose(units, self.what.budget.branches))
        assembler.settle()
        return self._numbered(assembler.fetches)

    def _types(self, part: Part, reached: list[Place]) -> list[str]:
        """What the objects can be, where that can be known; each type is entered by itself."""
        if reached and all(place.node.interface_object for place in reached):
            return [part.type_name]
        found = self.graph.possible[part.type_name]
        selections: Selections = part.selections
        while len(selections) == 1 and isinstance(selections[0], Fragment):
            condition = selections[0].type_condition
            found = found & self.graph.possible[condition] if condition else found
            selections = selections[0].selections
        there = frozenset[str]().union(*(place.node.possible for place in reached))
        return sorted(found & there)

    def _start(self, assembler: Resuming, place: Place, name: str) -> Step:
        node = only_keys(self.graph, place.at(self.graph, name))
        wanted = Fetch(-1, node.subgraph, self.what.kind, place.path, is_entity=False)
        step = Step(None, node, Kind.START, tuple(one for one in place.path if one != "@"), {}, 0)
        assembler.starts[step] = Start(place.fetch, place.node, place.sets, name, wanted)
        return step

    def _choose(
        self, starts: list[Step], selections: Selections, root: str
    ) -> tuple[tuple[Step, list[Field | Fragment]], ...]:
        return choose(
            Walker(self.graph, self.what.budget).units(starts, selections, root), self.what.budget.branches
        )

    def _numbered(self, fetches: list[Fetch]) -> list[Fetch]:
        self.count += 1
        for fetch in fetches:
            fetch.part = self.count
        return fetches

    def emit(self, parts: Split) -> PlanNode | None:
        """Optimise, number and nest what was assembled."""
        everything = [fetch for group in self.primary for fetch in group]
        everything += [fetch for own in self.deferred.values() for fetch in own]
        fetches = optimize(everything)
        for number, fetch in enumerate(fetches):
            fetch.number = number
        by_part: dict[int, list[Fetch]] = {}
        for fetch in fetches:
            by_part.setdefault(fetch.part, []).append(fetch)
        outside: dict[int, set[Fetch]] = {}
        for number, own in by_part.items():
            awaited = {parent for fetch in own for parent in fetch.parents if parent.part != number}
            outside[number] = awaited
            for fetch in own:
                fetch.parents -= awaited
            for parent in awaited:
                parent.identity = str(parent.number)
        nodes = {number: self.what.emitter.emit(own) for number, own in by_part.items()}
        groups = [nodes.get(number) for number in range(1, len(self.primary) + 1)]
        first = in_sequence(node for node in groups if node is not None)
        deferred = self._nested(parts.parts, nodes, outside)
        return DeferNode(first, deferred, print_subselection(parts.selections)) if deferred else first

    def _nested(
        self, parts: tuple[Part, ...], nodes: dict[int, PlanNode | None], outside: dict[int, set[Fetch]]
    ) -> tuple[DeferredNode, ...]:
        made: list[DeferredNode] = []
        for part in parts:
            inner = self._nested(part.inner, nodes, outside)
            own = self.deferred[id(part)]
            number = own[0].part if own else 0
            node = nodes.get(number)
            if node is None:
                made += inner
                continue
            shown = print_subselection(part.selections)
            depends = tuple(sorted((str(one.number) for one in outside[number]), key=int))
            whole = DeferNode(node, inner, shown) if inner else node
            label = self.what.labels[part.key[0]]
            made.append(DeferredNode(part.key[0], label, part.path, depends, whole, shown))
        return tuple(made)
