"""How far a query has come in the subgraphs, and how it gets on by a field or a type condition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gateway.composition.satisfiability.conditions import Conditions
from gateway.query_graph import FieldEdge, Node, QueryGraph
from gateway.query_graph.contexts import context_selections

__all__ = ["Labels", "Path", "Paths"]

Labels = frozenset[tuple[str, bool]]
"""Override labels with the values assumed for them."""


class Path(NamedTuple):
    """A way the query can be answered so far."""

    node: Node
    entered: bool
    """Whether the subgraph was entered right here, so that requirements can still be fetched before."""
    top: bool = False
    """Whether it is a root that nothing was asked of yet."""
    contexts: frozenset[tuple[str, Node]] = frozenset()
    """Where the contexts that are set above can be read."""


class Paths:
    """Advances paths in one query graph."""

    def __init__(self, graph: QueryGraph, conditions: Conditions) -> None:
        self._graph = graph
        self._conditions = conditions
        self._contexts = _contexts_of(graph)
        self._entering_matters: dict[int, bool] = {}
        self._onward: dict[tuple[Path, str, str, Labels], tuple[Path, ...]] = {}

    def by_field(self, path: Path, parent: str, name: str, labels: Labels) -> tuple[Path, ...]:
        """The ways on by a field of the API's type ``parent``; for a leaf one is enough."""
        if path.top and name not in path.node.fields:
            return ()
        key = (path, parent, name, labels)
        known = self._onward.get(key)
        if known is None:
            known = self._onward[key] = self._by_field(path, parent, name, labels)
        return known

    def by_cast(self, path: Path, type_name: str, *, of_interface: bool) -> tuple[Path, ...] | None:
        """The ways on by a condition on an object type, under an interface or a union of the API.

        None where the object can never be of the type, and there is nothing to ask.
        Where the API has an interface and the subgraph an object type, that may stand for any implementation.
        """
        stands_in = of_interface and not path.node.is_abstract
        if not stands_in and type_name not in path.node.possible:
            return None
        here = self._cast(path, type_name)
        found = [here] if here is not None else []
        for node in self.entries(path):
            there = self._cast(self.enter(path, node), type_name)
            if there is not None:
                found.append(there)
        return tuple(dict.fromkeys(found))

    def entries(self, path: Path) -> tuple[Node, ...]:
        """The nodes of other subgraphs that can be entered: none from a root, all of which are tried anyway."""
        return () if path.top else self._conditions.entries(path.node)

    def enter(self, path: Path, node: Node) -> Path:
        """The path that enters another subgraph."""
        return self._path(node, entered=True, contexts=path.contexts)

    def concrete(self, path: Path, parent: str) -> Path | None:
        """The path at the type whose field is asked, where a condition on it was passed by an interface object."""
        node = path.node
        if node.type_name == parent or node.interface_object or not node.is_abstract:
            return path
        return self._cast(path, parent) if parent in node.possible else None

    def context_missing(self, path: Path, edge: FieldEdge) -> bool:
        """Whether the field wants a context that is set nowhere above."""
        there = {name for name, _ in path.contexts}
        return any(wanted.context not in there for wanted in edge.contexts)

    def contexts_readable(self, path: Path, edge: FieldEdge) -> bool:
        """Whether what the field wants of contexts can be had where they are set."""
        if not edge.contexts:
            return True
        if self.context_missing(path, edge) or not self._conditions.has_own_key(path.node):
            return False
        there = dict(path.contexts)
        return all(
            self._conditions.satisfied(
                there[c.context], context_selections(self._graph, c, there[c.context].type_name)
            )
            for c in edge.contexts
        )

    def _by_field(self, path: Path, parent: str, name: str, labels: Labels) -> tuple[Path, ...]:
        found = [self._take(path, parent, name, labels)]
        if not (found[0] is not None and found[0] is path):
            found += [self._take(self.enter(path, n), parent, name, labels) for n in self.entries(path)]
        return tuple(dict.fromkeys(way for way in found if way is not None))

    def _take(self, path: Path, parent: str, name: str, labels: Labels) -> Path | None:
        """The path after the field, without leaving the subgraph; of a leaf the path itself."""
        at = self.concrete(path, parent)
        if at is None:
            return None
        node = at.node
        edge = node.fields.get(name)
        if edge is None or (edge.override is not None and edge.override not in labels):
            return None
        if not self._conditions.requirements_met(node, edge, entered=at.entered):
            return None
        if not self.contexts_readable(at, edge):
            return None
        if edge.target is None:
            return path
        return self._path(edge.target, entered=False, contexts=self._set(at, parent))

    def _set(self, path: Path, parent: str) -> frozenset[tuple[str, Node]]:
        here = self._contexts.get(parent)
        if not here:
            return path.contexts
        kept = {pair for pair in path.contexts if pair[0] not in here}
        return frozenset(kept | {(name, path.node) for name in here})

    def _cast(self, path: Path, type_name: str) -> Path | None:
        node = path.node
        if node.type_name == type_name:
            return path
        if node.interface_object:
            known = self._conditions.knows_implementation(node)
            return self._path(node, entered=False, contexts=path.contexts) if known else None
        if not node.is_abstract or type_name not in node.possible:
            return None
        target = node.casts.get(type_name) or self._graph.nodes[node.subgraph, type_name]
        return self._path(target, entered=False, contexts=path.contexts)

    def _path(self, node: Node, *, entered: bool, contexts: frozenset[tuple[str, Node]]) -> Path:
        """How the node was reached is forgotten where nothing depends on it, so that equal paths are equal."""
        matters = self._entering_matters.get(node.number)
        if matters is None:
            matters = any(edge.requires for edge in node.fields.values())
            matters = matters and not self._conditions.has_own_key(node)
            self._entering_matters[node.number] = matters
        return Path(node, entered=entered or not matters, contexts=contexts)


def _contexts_of(graph: QueryGraph) -> Mapping[str, frozenset[str]]:
    """Which contexts are set on the way through a field of each object type."""
    found: dict[str, frozenset[str]] = {}
    for node in graph.nodes.values():
        if node.contexts:
            for name in graph.possible[node.type_name] | {node.type_name}:
                found[name] = found.get(name, frozenset()) | node.contexts
    return found
