"""The walk over everything a client can ask, beside all the ways the subgraphs can answer it.

Depth first from each root of the API. A state is a type of the API with every path by which the subgraphs may
have come there; a step that leaves no path is a query that cannot be answered. A type that was seen with some of
the paths, and under no more assumptions about override labels, need not be looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from gateway.composition.satisfiability.paths import Labels, Path, Paths
from gateway.composition.satisfiability.witness import Way
from gateway.query_graph import QueryGraph

__all__ = ["DeadEnd", "Shared", "State", "TooManyPaths", "Walk"]

_ALONE = ""


class TooManyPaths(Exception):
    """More paths wait to be looked at than there may be."""


@dataclass(frozen=True, slots=True)
class State:
    """Where the walk is. ``groups`` are the paths, by subgraph below a mutation field that several have."""

    kind: str
    type_name: str
    way: Way
    groups: Mapping[str, tuple[Path, ...]]
    labels: Labels = frozenset()
    mutation: str | None = None
    """The mutation field the groups are of."""

    def paths(self) -> list[Path]:
        """Those of all groups."""
        return [path for group in self.groups.values() for path in group]


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A step from ``state`` that none of the paths can take."""

    state: State
    paths: tuple[Path, ...]
    way: Way
    labels: Labels


@dataclass(frozen=True, slots=True)
class Shared:
    """A field of an abstract type that was reached in several subgraphs."""

    state: State
    """After the field."""
    parent: str
    name: str


@dataclass
class Walk:
    """One walk; what it finds is in ``dead_ends`` and ``mutations``."""

    graph: QueryGraph
    paths: Paths
    max_paths: int
    dead_ends: list[DeadEnd] = field(default_factory=list)
    mutations: dict[str, dict[str, list[DeadEnd]]] = field(default_factory=dict)
    """Of mutation fields in several subgraphs, by subgraph: there, one subgraph has to answer all."""
    _stack: list[State] = field(default_factory=list)
    _waiting: int = 0
    _seen: dict[tuple[str | None, str, str], list[tuple[frozenset[Path], Labels]]] = field(
        default_factory=dict
    )
    """By mutation field, its subgraph, and type."""

    def __post_init__(self) -> None:
        self._api: GraphQLSchema = self.graph.supergraph.api_schema
        self._labels = _labels_of(self.graph)

    def run(self, judge: Callable[[Shared], bool]) -> None:
        """Walk everything; ``judge`` says of what is shared whether to go on below. Raises TooManyPaths."""
        # Queries come first, being the last: what they have seen spares most of what is below mutations.
        for kind, nodes in reversed(list(self.graph.roots.items())):
            paths = tuple(Path(node, entered=False, top=True) for node in nodes)
            type_name = self.graph.root_types[kind]
            if paths and type_name in self._api.type_map:
                self._push(State(kind, type_name, Way(None, type_name), {_ALONE: paths}))
        while self._stack:
            state = self._stack.pop()
            self._waiting -= len(state.paths())
            if self._already_seen(state):
                continue
            for after, step in self._steps(state):
                abstract = step is not None and is_abstract_type(self._api.type_map[after.type_name])
                if step is None or not abstract or judge(Shared(after, state.type_name, step)):
                    self._push(after)

    def _push(self, state: State) -> None:
        self._waiting += len(state.paths())
        if self._waiting > self.max_paths:
            raise TooManyPaths
        self._stack.append(state)

    def _already_seen(self, state: State) -> bool:
        seen = [self._group_seen(state, group) for group in state.groups]
        return all(seen)

    def _group_seen(self, state: State, group: str) -> bool:
        """What is seen below a mutation may fail without harm there, so only what it asks itself is spared by it."""
        here = frozenset(state.groups[group])
        own = (state.mutation, group, state.type_name)
        for known in {own, (None, _ALONE, state.type_name)}:
            if any(paths <= here and labels <= state.labels for paths, labels in self._seen.get(known, ())):
                return True
        self._seen.setdefault(own, []).append((here, state.labels))
        return False

    def _steps(self, state: State) -> Iterator[tuple[State, str | None]]:
        known = self._api.type_map[state.type_name]
        if isinstance(known, GraphQLObjectType):
            for name, one in known.fields.items():
                yield from self._fields(state, name, one)
        elif isinstance(known, GraphQLInterfaceType | GraphQLUnionType):
            for possible in self._api.get_possible_types(known):
                yield from self._cast(
                    state, possible.name, of_interface=isinstance(known, GraphQLInterfaceType)
                )

    def _fields(self, state: State, name: str, one: GraphQLField) -> Iterator[tuple[State, str | None]]:
        label = self._labels.get((state.type_name, name))
        if label is None:
            yield from self._field(state, name, one, state.labels)
            return
        for value in (True, False):
            if (label, not value) not in state.labels:
                yield from self._field(state, name, one, state.labels | {(label, value)})

    def _field(
        self, state: State, name: str, one: GraphQLField, labels: Labels
    ) -> Iterator[tuple[State, str | None]]:
        way = state.way.then_field(state.type_name, name, one)
        target = get_named_type(one.type)
        groups: dict[str, tuple[Path, ...]] = {}
        for group, paths in state.groups.items():
            found = [on for path in paths for on in self.paths.by_field(path, state.type_name, name, labels)]
            if found:
                groups[group] = tuple(dict.fromkeys(found))
            else:
                self._report(group, DeadEnd(state, paths, way, labels))
        if not groups or is_leaf_type(target):
            return
        mutation = state.mutation
        if state.kind == "mutation" and state.way.before is None:
            groups = _by_subgraph(groups[_ALONE])
            mutation = f"{state.type_name}.{name}" if len(groups) > 1 else None
            if mutation is not None:
                for group in groups:
                    self.mutations.setdefault(mutation, {}).setdefault(group, [])
        yield State(state.kind, target.name, way, groups, labels, mutation), name

    def _cast(self, state: State, name: str, *, of_interface: bool) -> Iterator[tuple[State, str | None]]:
        way = state.way.then_cast(name)
        groups: dict[str, tuple[Path, ...]] = {}
        for group, paths in state.groups.items():
            found: list[Path] = []
            for path in paths:
                onward = self.paths.by_cast(path, name, of_interface=of_interface)
                if onward is None:  # then this way is never taken, by whatever path
                    return
                found += onward
            if found:
                groups[group] = tuple(dict.fromkeys(found))
            else:
                self._report(group, DeadEnd(state, paths, way, state.labels))
        if groups:
            yield State(state.kind, name, way, groups, state.labels, state.mutation), None

    def _report(self, group: str, dead_end: DeadEnd) -> None:
        mutation = dead_end.state.mutation
        if mutation is None:
            self.dead_ends.append(dead_end)
        else:
            self.mutations[mutation][group].append(dead_end)


def _by_subgraph(paths: tuple[Path, ...]) -> dict[str, tuple[Path, ...]]:
    """By the subgraph that resolves the field, or all in one group if that is one alone."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        found.setdefault(path.node.subgraph, []).append(path)
    if len(found) < 2:
        return {_ALONE: paths}
    return {subgraph: tuple(one) for subgraph, one in found.items()}


def _labels_of(graph: QueryGraph) -> dict[tuple[str, str], str]:
    return {
        (type_name, name): declared.override_label
        for types in graph.supergraph.types.values()
        for type_name, known in types.items()
        for name, declared in known.fields.items()
        if declared.override_label is not None
    }
