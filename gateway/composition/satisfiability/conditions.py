"""Whether a selection can be had of an entity somewhere: what keys, requirements and contexts ask for.

A condition is resolved from a node: its fields are taken there, or after entering other subgraphs by keys,
whose own conditions are resolved the same way. What is being tried already is never tried again below
itself. Where the type is abstract and cannot answer for all it can be, each possible type is asked in turn:
so the ways on are a formula of alternatives (any) and of what has to hold together (all).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from gateway.federation.type_references import named_type
from gateway.query_graph import Field, FieldEdge, Fragment, Node, QueryGraph, Selection, Selections

__all__ = ["MAX_DEPTH", "MAX_EVALUATIONS", "NOTHING_TRIED", "Conditions", "TooComplex"]

MAX_EVALUATIONS = 500_000
"""Selections looked at before giving up: some seconds."""
MAX_DEPTH = 250
"""Conditions within conditions before giving up."""


class TooComplex(Exception):
    """More conditions than there is time for."""


class Tried(NamedTuple):
    """What is being tried: subgraphs to enter, and conditions to resolve."""

    subgraphs: frozenset[str]
    conditions: frozenset[str]


class _Place(NamedTuple):
    """A node, the types its object can be, and whether the subgraph was just entered there."""

    node: Node
    types: frozenset[str]
    entered: bool


class _Any(NamedTuple):
    ways: tuple[_Ways, ...]


class _All(NamedTuple):
    ways: tuple[_Ways, ...]


_Ways: TypeAlias = _Place | _Any | _All

NOTHING_TRIED = Tried(frozenset(), frozenset())
_NOTHING_TO_ASK = _All(())


class Conditions:
    """Answers for one query graph, each found once."""

    def __init__(self, graph: QueryGraph, max_evaluations: int = MAX_EVALUATIONS) -> None:
        self._graph = graph
        self._satisfied: dict[tuple[int, int, Tried], bool] = {}
        self._entries: dict[tuple[int, Tried], tuple[Node, ...]] = {}
        self._own_keys: dict[tuple[str, str], bool] = {}
        self._texts: dict[int, str] = {}
        self._kept: list[Selections] = []
        self._begun: dict[tuple[int, int, Tried], int] = {}
        self._cut = MAX_DEPTH
        """The least depth at which what was asked again had begun, while that still matters."""
        self._left = max_evaluations

    def satisfied(self, node: Node, selections: Selections, tried: Tried = NOTHING_TRIED) -> bool:
        """Whether ``selections`` can be had of an entity at ``node``; raises TooComplex."""
        key = (node.number, id(selections), tried)
        known = self._satisfied.get(key)
        if known is not None:
            return known
        begun = self._begun.get(key)
        if begun is not None:  # what depends on itself cannot be had
            self._cut = min(self._cut, begun)
            return False
        if len(self._begun) >= MAX_DEPTH:
            raise TooComplex
        self._kept.append(selections)
        depth = self._begun[key] = len(self._begun)
        start = _Place(node, node.possible, entered=True)
        deeper = Tried(tried.subgraphs, tried.conditions | {self.text(selections)})
        found = self._every(start, selections, node.type_name, deeper)
        del self._begun[key]
        if self._cut >= depth:
            self._cut = MAX_DEPTH
        if found or self._cut == MAX_DEPTH:  # else it may be had where what was begun above is not
            self._satisfied[key] = found
        return found

    def entries(self, node: Node, tried: Tried = NOTHING_TRIED) -> tuple[Node, ...]:
        """The nodes of other subgraphs that can be entered from ``node``, one for each, nearest first."""
        key = (node.number, tried)
        known = self._entries.get(key)
        if known is None:
            known = self._find_entries(node, tried)
            if self._cut == MAX_DEPTH:
                self._entries[key] = known
        return known

    def requirements_met(self, node: Node, edge: FieldEdge, *, entered: bool) -> bool:
        """Whether what the field requires can be fetched first, and its own subgraph entered again after."""
        if edge.requires is None:
            return True
        return (entered or self.has_own_key(node)) and self.satisfied(node, edge.requires)

    def has_own_key(self, node: Node) -> bool:
        """Whether the subgraph itself knows all fields of one of the type's keys."""
        key = (node.subgraph, node.type_name)
        known = self._own_keys.get(key)
        if known is None:
            declared = self._graph.supergraph.types[node.subgraph][node.type_name]
            known = self._own_keys[key] = any(
                self._knows(node.subgraph, node.type_name, one.selections) for one in declared.keys
            )
        return known

    def text(self, selections: Selections) -> str:
        """The selections in one canonical text."""
        known = self._texts.get(id(selections))
        if known is None:
            self._kept.append(selections)
            known = self._texts[id(selections)] = _text(selections)
        return known

    def _find_entries(self, node: Node, tried: Tried) -> tuple[Node, ...]:
        found: dict[str, Node] = {}
        open_nodes = deque([node])
        while open_nodes:
            current = open_nodes.popleft()
            for edge in current.keys:
                target = edge.target
                subgraph = target.subgraph
                if subgraph == node.subgraph or subgraph in found or subgraph in tried.subgraphs:
                    continue
                if not edge.key:
                    found[subgraph] = target
                    continue
                if self.text(edge.key) in tried.conditions:
                    continue
                if self.satisfied(current, edge.key, Tried(tried.subgraphs | {subgraph}, tried.conditions)):
                    found[subgraph] = target
                    open_nodes.append(target)
        return tuple(found.values())

    def _knows(self, subgraph: str, type_name: str, selections: SelectionSetNode) -> bool:
        declared = self._graph.supergraph.types[subgraph].get(type_name)
        for one in selections.selections:
            if isinstance(one, InlineFragmentNode):
                condition = one.type_condition.name.value if one.type_condition else type_name
                if not self._knows(subgraph, condition, one.selection_set):
                    return False
            elif isinstance(one, FieldNode) and not one.name.value.startswith("__"):
                field = declared.fields.get(one.name.value) if declared else None
                if field is None or field.external or (field.overridden and field.override_label is None):
                    return False
                if one.selection_set and not self._knows(subgraph, named_type(field.type), one.selection_set):
                    return False
        return True

    # Selections

    def _every(self, ways: _Ways, selections: Selections, parent: str, tried: Tried) -> bool:
        return all(self._one(ways, selection, parent, tried) for selection in selections)

    def _one(self, ways: _Ways, selection: Selection, parent: str, tried: Tried) -> bool:
        self._left -= 1
        if self._left < 0:
            raise TooComplex
        advanced = self._advance(ways, selection, parent, tried)
        if advanced is None:
            return False
        if isinstance(selection, Field):
            return self._every(advanced, selection.selections or (), selection.type_name, tried)
        return self._every(advanced, selection.selections, selection.type_condition or parent, tried)

    def _advance(self, ways: _Ways, selection: Selection, parent: str, tried: Tried) -> _Ways | None:
        if isinstance(ways, _Place):
            return self._from_place(ways, selection, parent, tried)
        if isinstance(ways, _All):
            return _together(self._advance(way, selection, parent, tried) for way in ways.ways)
        return _either(self._advance(way, selection, parent, tried) for way in ways.ways)

    def _from_place(self, place: _Place, selection: Selection, parent: str, tried: Tried) -> _Ways | None:
        if isinstance(selection, Fragment):
            return self._fragment(place, selection.type_condition)
        here = self._field(place, selection, parent)
        if here is not None and selection.selections is None:
            return here
        there = (
            self._field(_Place(node, node.possible, entered=True), selection, parent)
            for node in self.entries(place.node, tried)
        )
        return _either((here, *there))

    def _fragment(self, place: _Place, condition: str | None) -> _Ways | None:
        node = place.node
        if condition is None or condition == node.type_name:
            return place
        possible = self._graph.possible.get(condition, frozenset())
        if node.is_abstract:
            if condition in node.possible:
                return self._cast(place, condition)
            return _together(self._cast(place, name) for name in sorted(place.types & possible))
        if node.type_name in possible:
            return place
        if node.interface_object and condition in self._graph.possible.get(node.type_name, ()):
            return place if self.knows_implementation(node) else None
        return _NOTHING_TO_ASK

    def knows_implementation(self, node: Node) -> bool:
        """Whether another subgraph tells which types the entities of an interface object are."""
        return any(not entered.interface_object for entered in self.entries(node))

    def _cast(self, place: _Place, name: str) -> _Place:
        node = place.node
        target = node.casts.get(name) or self._graph.nodes[node.subgraph, name]
        return _Place(target, target.possible, entered=False)

    # Fields, without leaving the subgraph

    def _field(self, place: _Place, field: Field, parent: str) -> _Ways | None:
        node = place.node
        if field.name == "__typename":
            return None if node.interface_object else place
        if not node.is_abstract:
            return self._take(place, field.name)
        if parent in node.possible and parent != node.type_name:
            return self._take(self._cast(place, parent), field.name)
        through = self._take(place, field.name)
        if through is not None and field.selections is None:
            return through
        return _either((through, self._of_each(place, field)))

    def _take(self, place: _Place, name: str) -> _Place | None:
        edge = place.node.fields.get(name)
        # A field that may be elsewhere for some requests is nothing to build a condition on.
        if edge is None or edge.override is not None or edge.contexts:
            return None
        if not self.requirements_met(place.node, edge, entered=place.entered):
            return None
        if edge.target is None:
            return place
        return _Place(edge.target, self._types(place, name, edge.target), entered=False)

    def _types(self, place: _Place, name: str, target: Node) -> frozenset[str]:
        """An interface's implementations may answer with fewer types than it has itself."""
        if not place.node.is_abstract or not target.is_abstract:
            return target.possible
        types = self._graph.supergraph.types[place.node.subgraph]
        found: frozenset[str] = frozenset()
        for type_name in place.types:
            declared = types[type_name].fields.get(name)
            if declared is not None:
                found |= types[named_type(declared.type)].possible
        return found

    def _of_each(self, place: _Place, field: Field) -> _Ways | None:
        casts = (self._cast(place, name) for name in sorted(place.types))
        return _together(self._from_place(cast, field, cast.node.type_name, NOTHING_TRIED) for cast in casts)


def _either(ways: Iterable[_Ways | None]) -> _Ways | None:
    found = tuple(dict.fromkeys(way for way in ways if way is not None))
    if len(found) > 1:
        return _Any(found)
    return found[0] if found else None


def _together(ways: Iterable[_Ways | None]) -> _Ways | None:
    found: dict[_Ways, None] = {}
    for way in ways:
        if way is None:
            return None
        found[way] = None
    return next(iter(found)) if len(found) == 1 else _All(tuple(found))


def _text(selections: Selections) -> str:
    parts = []
    for one in selections:
        if isinstance(one, Field):
            inner = " " + _text(one.selections) if one.selections else ""
            parts.append(one.name + one.arguments + inner)
        else:
            parts.append(f"... on {one.type_condition} " + _text(one.selections))
    return "{" + " ".join(sorted(parts)) + "}"
