"""What guards an object type or its fields guards the interfaces by which they are reached, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gateway.composition.graph import Graph
from gateway.composition.merging.directives import DirectiveRegistry
from gateway.composition.model.subgraph import Applied, Definition
from gateway.federation.directives import GUARDS
from gateway.federation.supergraph_specs import supergraph_spec

__all__ = ["AccessControl"]


class AccessControl:
    """The guards that hold for an element of the supergraph because of what stands on another one."""

    def __init__(self, graph: Graph, directives: DirectiveRegistry) -> None:
        self._graph = graph
        self.names = frozenset(n for g in GUARDS if (n := directives.named(g)) is not None)

    def inherited(self, coordinate: str) -> tuple[Applied, ...]:
        """By a type's name, or ``Type.field``."""
        return tuple(self._inherited.get(coordinate, ())) if self.names else ()

    @cached_property
    def _inherited(self) -> dict[str, list[Applied]]:
        found: dict[str, list[Applied]] = {}
        for subgraph in self._graph.subgraphs.values():
            for definition in subgraph.types.values():
                if definition.kind == "type":
                    for coordinate, guard in self._passed_on(definition):
                        found.setdefault(coordinate, []).append(guard)
        return found

    def _passed_on(self, definition: Definition) -> Iterator[tuple[str, Applied]]:
        graph, name = self._graph, definition.name
        interfaces = () if definition.interface_object else graph.interfaces[name]
        for guard in _guards(definition.applied):
            yield from ((interface, guard) for interface in interfaces)
        for field in definition.fields.values():
            guards = _guards(field.applied) if field.applied and not field.external else ()
            if guards:
                to = self._below_and_beside(name) if definition.interface_object else interfaces
                yield from ((f"{type_name}.{field.name}", guard) for type_name in to for guard in guards)

    def _below_and_beside(self, interface: str) -> tuple[str, ...]:
        """An interface's implementations, and what else these implement."""
        implementations = self._graph.implementations.get(interface, ())
        beside = {i for name in implementations for i in self._graph.interfaces[name]} - {interface}
        return (*implementations, *sorted(beside))


def _guards(applied: tuple[Applied, ...]) -> tuple[Applied, ...]:
    return tuple(a for a in applied if a.name in GUARDS and supergraph_spec(a.spec, a.name) is not None)
