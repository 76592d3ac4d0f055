"""Where the objects that a deferred part is about were reached by the fetches around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.planning.fetch_graph.fetches import Fetch, SelectionSet
from gateway.planning.plan import Path
from gateway.query_graph import Node, QueryGraph, Selections
from gateway.query_graph.selection import Field

__all__ = ["Place", "only_keys", "places", "usable"]


@dataclass(frozen=True, slots=True)
class Place:
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


def places(graph: QueryGraph, fetches: Iterable[Fetch], path: Path) -> Iterator[Place]:
    """Where the fetches have the objects at a path."""
    for fetch in fetches:
        length = len(fetch.path)
        if path[:length] != fetch.path:
            continue
        found = list(_begin(graph, fetch, path[length:]))
        certain = [one for one in found if not one[2]]
        for node, selections, _ in certain:
            yield Place(fetch, path, node, [selections], conditional=False)
        if not certain and found and all(one[0] is found[0][0] for one in found):
            yield Place(fetch, path, found[0][0], [one[1] for one in found], conditional=True)


def _begin(graph: QueryGraph, fetch: Fetch, rest: Path) -> Iterator[tuple[Node, SelectionSet, bool]]:
    if not fetch.is_entity:
        kind = "query" if fetch.path else fetch.kind
        node = next(one for one in graph.roots[kind] if one.subgraph == fetch.subgraph)
        yield from _descend(graph, node, fetch.selections, rest, conditional=False)
        return
    for (condition, _), body in fetch.selections.fragments.items():
        assert condition is not None  # noqa: S101
        only_fragments = not body.typename and not body.fields
        uncertain = only_fragments and all(directives for _, directives in body.fragments)
        yield from _descend(graph, graph.nodes[fetch.subgraph, condition], body, rest, conditional=uncertain)


def _descend(
    graph: QueryGraph, node: Node, selections: SelectionSet, rest: Path, *, conditional: bool
) -> Iterator[tuple[Node, SelectionSet, bool]]:
    if not rest:
        yield node, selections, conditional
        return
    for field in selections.fields.values():
        edge = node.fields.get(field.name)
        if field.key == rest[0] and field.children is not None and edge is not None and edge.target:
            below = rest[1 + edge.list_depth :]
            uncertain = conditional or bool(field.directives)
            yield from _descend(graph, edge.target, field.children, below, conditional=uncertain)
    for (condition, directives), body in selections.fragments.items():
        target = graph.cast(node, condition) if condition else node
        if isinstance(target, Node):
            uncertain = conditional or bool(directives)
            yield from _descend(graph, target, body, rest, conditional=uncertain)


def usable(graph: QueryGraph, reached: list[Place], name: str) -> list[Place]:
    """Places that know objects of the type: those that always do, or the only one that sometimes does."""
    able = [place for place in reached if isinstance(graph.cast(place.node, name), Node)]
    certain = [place for place in able if not place.conditional]
    return certain or (able if len(able) == 1 else [])


def only_keys(graph: QueryGraph, node: Node) -> Node:
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
