"""The graph itself: a node is a type in a subgraph, an edge is a way to get further.

Field edges stay in the subgraph, casts narrow an abstract type, key edges enter a subgraph anew with
a representation. A field with ``@provides`` leads to a copy of its target in which the provided
fields exist. Nothing here changes after building, but for caches of derived answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Literal, TypeAlias

from graphql import TypeNode

from gateway.federation.type_references import list_depth, print_type
from gateway.query_graph.selection import Selections, is_subtype
from gateway.supergraph import ContextArgument, Supergraph

__all__ = ["DEAD", "EXPLODE", "UNKNOWN", "Cast", "FieldEdge", "KeyEdge", "Node", "QueryGraph"]


class FieldEdge:
    """A field a subgraph answers for. ``target`` is None for a leaf.

    ``override`` is a label and the value it has to have, in a graph of all labels' values.
    """

    __slots__ = ("contexts", "list_depth", "name", "override", "requires", "target", "type_text")

    def __init__(
        self,
        name: str,
        target: Node | None,
        type_node: TypeNode,
        requires: Selections | None,
        contexts: tuple[ContextArgument, ...],
        override: tuple[str, bool] | None = None,
    ) -> None:
        self.name = name
        self.target = target
        self.requires = requires
        self.contexts = contexts
        self.override = override
        self.type_text = print_type(type_node)
        self.list_depth = list_depth(type_node)


class KeyEdge:
    """Entering ``target`` with these key fields; without any for a root type."""

    __slots__ = ("key", "target")

    def __init__(self, target: Node, key: Selections) -> None:
        self.target = target
        self.key = key


class Node:
    """A composite type as one subgraph has it."""

    __slots__ = (
        "casts",
        "contexts",
        "fields",
        "interface_object",
        "is_abstract",
        "keys",
        "number",
        "possible",
        "subgraph",
        "type_name",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        type_name: str,
        subgraph: str,
        is_abstract: bool,
        possible: frozenset[str],
        interface_object: bool,
        contexts: frozenset[str],
    ) -> None:
        self.number = number
        self.type_name = type_name
        self.subgraph = subgraph
        self.is_abstract = is_abstract
        self.possible = possible
        self.interface_object = interface_object
        self.contexts = contexts
        self.fields: dict[str, FieldEdge] = {}
        self.casts: dict[str, Node] = {}
        self.keys: tuple[KeyEdge, ...] = ()

    def copy(self, number: int, possible: frozenset[str]) -> Node:
        """A node with the same edges that can be one of ``possible``."""
        made = Node(
            number, self.type_name, self.subgraph, self.is_abstract, possible, self.interface_object,
            self.contexts,
        )  # fmt: skip
        made.fields = dict(self.fields)
        made.casts = dict(self.casts)
        made.keys = self.keys
        return made

    def __repr__(self) -> str:
        return f"{self.type_name}({self.subgraph})"


Cast: TypeAlias = Node | Literal["dead", "explode", "unknown"]
DEAD: Literal["dead"] = "dead"
EXPLODE: Literal["explode"] = "explode"
UNKNOWN: Literal["unknown"] = "unknown"


@dataclass(eq=False, slots=True)
class QueryGraph:
    """All nodes, the way in for each kind of operation, and what each type can be."""

    supergraph: Supergraph
    nodes: Mapping[tuple[str, str], Node]
    """By subgraph and type."""
    roots: Mapping[str, tuple[Node, ...]]
    """By operation kind."""
    root_types: Mapping[str, str]
    possible: Mapping[str, frozenset[str]]
    partial: Mapping[str, frozenset[str]]
    """Of each abstract type, what it can be in some of the subgraphs that have it but not in all."""
    caches: dict[str, dict[object, object]] = field(default_factory=dict)
    """What planners derived from the graph alone, for the next plan."""
    numbers: Iterator[int] = field(default_factory=lambda: count(1_000_000))
    """For nodes derived later: none of the graph's own is so high."""

    def cast(self, node: Node, type_name: str) -> Cast:
        """Where ``... on type_name`` leads: a node, nowhere ever, each possible type in turn, or unknown."""
        if node.type_name == type_name:
            return node
        found = node.casts.get(type_name)
        if found is not None:
            return found
        wanted = self.possible.get(type_name, frozenset())
        if node.interface_object:
            # The subgraph takes the interface for an object: it cannot tell what its entities are.
            return node if is_subtype(self.supergraph.schema, node.type_name, type_name) else UNKNOWN
        matching = node.possible & wanted
        if not matching:
            return DEAD
        if len(wanted) == 1 and type_name in wanted:
            return node if node.type_name == type_name else self.nodes[node.subgraph, type_name]
        if is_subtype(self.supergraph.schema, node.type_name, type_name):
            return node
        target = self.nodes.get((node.subgraph, type_name))
        if (
            target is not None
            and target.possible >= matching
            and not node.casts
            and not target.interface_object
        ):
            return target if target.possible == matching else self._narrowed(target, frozenset(matching))
        return EXPLODE

    def _narrowed(self, node: Node, possible: frozenset[str]) -> Node:
        """The node where it can be only some of its types; made once."""
        known = self.caches.setdefault("narrowed", {})
        made = known.get((node.number, possible))
        if made is None:
            made = node.copy(next(self.numbers), possible)
            known[node.number, possible] = made
        assert isinstance(made, Node)  # noqa: S101
        return made
