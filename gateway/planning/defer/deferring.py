"""Plans with ``@defer``: a part that is deferred enters its entities anew, by keys the part around it asks for.

Where an object is, it was reached in some subgraph by a fetch of a part around; there, and in no other way, the
deferred part begins: from a node that has nothing but the fields of that subgraph's keys. What the walk wants
of it is added to that fetch. So a part never waits for more than its keys, and asks also the subgraph it comes
from anew. A part that cannot be so entered (no entity, no key) stays with what is around it, and is only
answered later, as the specification allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from gateway.planning.defer.split import Part, PartKey, Split, print_subselection, split
from gateway.planning.errors import Unsatisfiable
from gateway.planning.fetch_graph.assemble import Assembler
from gateway.planning.fetch_graph.cursor import Cursor
from gateway.planning.fetch_graph.emit import Emitter, in_sequence
from gateway.planning.fetch_graph.fetches import Fetch, FetchField, SelectionSet
from gateway.planning.fetch_graph.passes import optimize
from gateway.planning.limits import Budget
from gateway.planning.paths.best import choose, root_step
from gateway.planning.paths.steps import Kind, Step, Unit
from gateway.planning.paths.walk import Walker
from gateway.planning.plan import DeferNode, DeferredNode, OperationKind, Path, PlanNode
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


@dataclass(eq=False, slots=True)
class _Start:
    """Where a deferred part begins: a fetch around it, and the selection sets there that stand for the place."""

    fetch: Fetch
    node: Node
    sets: list[SelectionSet]
    type_name: str
    wanted: Fetch
    """Not sent: collects what is to be asked for here."""


class _Resuming(Assembler):
    """Assembles a part that begins at places reached already."""

    def __init__(self, what: Deferring, shape: Shape, path: Path, at: Shape) -> None:
        super().__init__(what.graph, what.kind, shape, what.budget)
        self.starts: dict[Step, _Start] = {}
        self._path = path
        self._at = at

    def _root(self, step: Step) -> Cursor:
        start = self.starts.get(step)
        if start is None:
            return super()._root(step)
        return Cursor(start.wanted, start.wanted.selections, self._path, self._at, step.node)

    def settle(self) -> None:
        """Ask for what the part needs where it begins, and wait for that."""
        for start in self.starts.values():
            wanted = start.wanted.selections
            waiting = [fetch for fetch in self.fetches if start.wanted in fetch.parents]
            if wanted.is_empty() and not waiting:
                continue
            for one in start.sets:
                narrowed = start.node.is_abstract and not start.node.interface_object
                into = one.fragment(start.type_name, "", ()) if narrowed else one
                into.merge(_copy(wanted))
            for fetch in waiting:
                fetch.parents.discard(start.wanted)
                fetch.parents.add(start.fetch)


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
        assembler = _Resuming(self.what, self.shape, part.path, at)
        units: list[Unit] = []
        walker = Walker(self.graph, self.what.budget)
        if not part.path:
            starts = [root_step(node) for node in self.graph.roots[self.what.kind]]
            units = walker.units(starts, part.selections, self.what.root)
        else:
            places = list(self._places(around, part.path))
            for name in self._types(part, places):
                starts = [self._start(assembler, one, name) for one in _usable(self.graph, places, name)]
                if not starts:
                    raise Unsatisfiable(name, "__typename")
                units += walker.units(starts, part.selections, name)
        assembler.add(choose(units, self.what.budget.branches))
        assembler.settle()
        return self._numbered(assembler.fetches)

    def _types(self, part: Part, places: list[_Place]) -> list[str]:
        """What the objects can be, where that can be known; each type is entered by itself."""
        if places and all(place.node.interface_object for place in places):
            return [part.type_name]
        found = self.graph.possible[part.type_name]
        selections: Selections = part.selections
        while len(selections) == 1 and isinstance(selections[0], Fragment):
            condition = selections[0].type_condition
            found = found & self.graph.possible[condition] if condition else found
            selections = selections[0].selections
        reached = frozenset[str]().union(*(place.node.possible for place in places))
        return sorted(found & reached)

    def _start(self, assembler: _Resuming, place: _Place, name: str) -> Step:
        node = _only_keys(self.graph, place.at(self.graph, name))
        wanted = Fetch(-1, node.subgraph, self.what.kind, place.path, is_entity=False)
        step = Step(None, node, Kind.START, tuple(one for one in place.path if one != "@"), {}, 0)
        assembler.starts[step] = _Start(place.fetch, place.node, place.sets, name, wanted)
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

    # Places

    def _places(self, fetches: Iterable[Fetch], path: Path) -> Iterator[_Place]:
        for fetch in fetches:
            length = len(fetch.path)
            if path[:length] != fetch.path:
                continue
            found = list(self._begin(fetch, path[length:]))
            certain = [one for one in found if not one[2]]
            for node, selections, _ in certain:
                yield _Place(fetch, path, node, [selections], conditional=False)
            if not certain and found and all(one[0] is found[0][0] for one in found):
                yield _Place(fetch, path, found[0][0], [one[1] for one in found], conditional=True)

    def _begin(self, fetch: Fetch, rest: Path) -> Iterator[tuple[Node, SelectionSet, bool]]:
        if not fetch.is_entity:
            kind = "query" if fetch.path else fetch.kind
            node = next(one for one in self.graph.roots[kind] if one.subgraph == fetch.subgraph)
            yield from self._descend(node, fetch.selections, rest, conditional=False)
            return
        for (condition, _), body in fetch.selections.fragments.items():
            assert condition is not None  # noqa: S101
            only_fragments = not body.typename and not body.fields
            uncertain = only_fragments and all(directives for _, directives in body.fragments)
            yield from self._descend(
                self.graph.nodes[fetch.subgraph, condition], body, rest, conditional=uncertain
            )

    def _descend(
        self, node: Node, selections: SelectionSet, rest: Path, *, conditional: bool
    ) -> Iterator[tuple[Node, SelectionSet, bool]]:
        if not rest:
            yield node, selections, conditional
            return
        for field in selections.fields.values():
            edge = node.fields.get(field.name)
            if field.key == rest[0] and field.children is not None and edge is not None and edge.target:
                below = rest[1 + edge.list_depth :]
                uncertain = conditional or bool(field.directives)
                yield from self._descend(edge.target, field.children, below, conditional=uncertain)
        for (condition, directives), body in selections.fragments.items():
            target = self.graph.cast(node, condition) if condition else node
            if isinstance(target, Node):
                uncertain = conditional or bool(directives)
                yield from self._descend(target, body, rest, conditional=uncertain)

    # Emitting

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


@dataclass(frozen=True, slots=True)
class _Place:
    """Selections of a fetch that stand for the objects at ``path``, ``conditional`` where not always."""

    fetch: Fetch
    path: Path
    node: Node
    sets: list[SelectionSet]
    conditional: bool

    def at(self, graph: QueryGraph, name: str) -> Node:
        """The node of an object of that type here."""
        found = graph.cast(self.node, name)
        assert isinstance(found, Node)  # noqa: S101
        return found


def _usable(graph: QueryGraph, places: list[_Place], name: str) -> list[_Place]:
    """Places that know objects of the type: those that always do, or the only one that sometimes does."""
    able = [place for place in places if isinstance(graph.cast(place.node, name), Node)]
    certain = [place for place in able if not place.conditional]
    return certain or (able if len(able) == 1 else [])


def _only_keys(graph: QueryGraph, node: Node) -> Node:
    """The node without its fields but those of its keys: everything else of it is to be asked for anew."""
    known = graph.caches.setdefault("only keys", {}).get(node.number)
    if known is not None:
        assert isinstance(known, Node)  # noqa: S101
        return known
    made = Node(
        next(graph.numbers), node.type_name, f"~{node.subgraph}", node.is_abstract, node.possible,
        node.interface_object, node.contexts,
    )  # fmt: skip
    names = {name for edge in node.keys for name in _field_names(edge.key)}
    made.fields = {
        name: edge
        for name, edge in node.fields.items()
        if name in names and edge.requires is None and not edge.contexts
    }
    made.keys = node.keys
    graph.caches["only keys"][node.number] = made
    return made


def _field_names(selections: Selections) -> Iterator[str]:
    for one in selections:
        if isinstance(one, Field):
            yield one.name
        else:
            yield from _field_names(one.selections)


def _copy(selections: SelectionSet) -> SelectionSet:
    made = SelectionSet()
    made.typename = selections.typename
    made.variables = selections.variables
    for key, field in selections.fields.items():
        made.fields[key] = FetchField(
            field.name, field.key, field.arguments, field.directives, field.variables, field.type_text,
            _copy(field.children) if field.children is not None else None,
        )  # fmt: skip
    for fragment, body in selections.fragments.items():
        made.fragments[fragment] = _copy(body)
    return made
