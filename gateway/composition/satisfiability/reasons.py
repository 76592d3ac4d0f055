"""Why no path gets on, told subgraph by subgraph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.composition.satisfiability.conditions import Conditions
from gateway.composition.satisfiability.paths import Path, Paths
from gateway.composition.satisfiability.walk import DeadEnd
from gateway.query_graph import QueryGraph

__all__ = ["reasons"]


def reasons(
    graph: QueryGraph, paths: Paths, conditions: Conditions, dead_end: DeadEnd
) -> Mapping[str, tuple[str, ...]]:
    """What stands in the way, by the subgraph where it does; each thing once."""
    teller = _Teller(graph, paths, conditions, dead_end)
    found: dict[str, dict[str, None]] = {}
    for path in dead_end.paths:
        for subgraph, told in teller.of(path):
            found.setdefault(subgraph, {})[told] = None
    return {subgraph: tuple(told) for subgraph, told in found.items()}


class _Teller:
    def __init__(self, graph: QueryGraph, paths: Paths, conditions: Conditions, dead_end: DeadEnd) -> None:
        self._graph = graph
        self._paths = paths
        self._conditions = conditions
        self._end = dead_end

    def of(self, path: Path) -> Iterator[tuple[str, str]]:
        reached = [path, *(self._paths.enter(path, node) for node in self._paths.entries(path))]
        for at in reached:
            yield at.node.subgraph, self._here(at)
        entered = {at.node.subgraph for at in reached}
        for at in reached:
            for edge in at.node.keys:
                subgraph = edge.target.subgraph
                if subgraph not in entered and edge.key:
                    key = self._conditions.text(edge.key).strip("{}")
                    told = (
                        f'it cannot enter "{subgraph}" by @key(fields: "{key}") of "{edge.target.type_name}", '
                        "whose fields it cannot get"
                    )
                    yield at.node.subgraph, told
        if not path.top:
            yield from self._unreachable(path, entered)

    def _here(self, path: Path) -> str:
        if self._end.way.field is None:
            return self._no_cast(path)
        parent, name = self._end.way.type_name, str(self._end.way.name)
        place = f'"{parent}.{name}"'
        at = self._paths.concrete(path, parent)
        edge = at.node.fields.get(name) if at else None
        if at is None or edge is None:
            return self._no_field(path, parent, name)
        if edge.override is not None and edge.override not in self._end.labels:
            return f'{place} is elsewhere when the override label "{edge.override[0]}" has this value'
        if not self._conditions.requirements_met(at.node, edge, entered=True):
            return f"what {place} requires cannot be fetched from there"
        if self._paths.context_missing(at, edge):
            return f"{place} takes an argument from a context that is not set on this way"
        if edge.contexts and self._conditions.has_own_key(at.node):
            return f"what {place} takes from a context cannot be fetched where that is set"
        return (
            f'{place} needs data from elsewhere, but "{at.node.type_name}" has no key there to come back by'
        )

    def _no_cast(self, path: Path) -> str:
        node, wanted = path.node, self._end.way.type_name
        if node.interface_object:
            return (
                f'"{node.type_name}" is an @interfaceObject, and no subgraph can be reached that tells whether one '
                f'is "{wanted}"'
            )
        return f'its "{node.type_name}" is never known to be "{wanted}"'

    def _no_field(self, path: Path, parent: str, name: str) -> str:
        known = self._graph.supergraph.types[path.node.subgraph].get(parent)
        declared = known.fields.get(name) if known else None
        if known is None and path.node.interface_object:
            return f'it has no "{parent}", only the @interfaceObject "{path.node.type_name}" without "{name}"'
        if declared is None:
            return f'it has no field "{parent}.{name}"'
        if declared.overridden:
            return f'"{parent}.{name}" has been overridden by another subgraph'
        return f'its "{parent}.{name}" is @external'

    def _unreachable(self, path: Path, entered: set[str]) -> Iterator[tuple[str, str]]:
        """Subgraphs that could answer, had they a key to enter by."""
        if self._end.way.field is None:
            return
        parent, name = self._end.way.type_name, str(self._end.way.name)
        type_name = path.node.type_name
        for subgraph, types in self._graph.supergraph.types.items():
            if subgraph in entered or name not in getattr(types.get(parent), "fields", ()):
                continue
            at = types.get(type_name)
            if at is None:
                why = f'it has no "{type_name}" to enter by'
            elif not at.keys:
                why = f'"{type_name}" has no @key there'
            elif not any(key.resolvable for key in at.keys):
                why = f'no @key of "{type_name}" is resolvable there'
            else:
                continue
            yield path.node.subgraph, f'it cannot enter "{subgraph}", which has "{parent}.{name}": {why}'
