"""All subgraphs side by side: who has which type, what implements what, and what else uses a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from gateway.composition.field_sets.usage import Place, provided_fields, used_fields
from gateway.composition.model.subgraph import Definition, Field, Subgraph
from gateway.composition.model.typing import IsSubtype

__all__ = ["FieldSources", "Graph"]

FieldSources = Mapping[str, Field | None]
"""By subgraph; None where the subgraph has the type, or stands for it, without the field."""


class Graph:
    """The subgraphs, indexed. A type's kind is that of the first subgraph that has it."""

    def __init__(self, subgraphs: Sequence[Subgraph]) -> None:
        self.subgraphs = {s.name: s for s in subgraphs}
        self.all_definitions: dict[str, dict[str, Definition]] = {}
        for subgraph in subgraphs:
            for name, definition in subgraph.types.items():
                self.all_definitions.setdefault(name, {})[subgraph.name] = definition
        self.kinds = {n: kind_of(next(iter(ds.values()))) for n, ds in self.all_definitions.items()}
        self.definitions = {
            name: {s: d for s, d in sources.items() if kind_of(d) == self.kinds[name]}
            for name, sources in self.all_definitions.items()
        }
        self._used: dict[str, frozenset[Place]] = {}
        self._provided: dict[str, frozenset[Place]] = {}

    def is_used(self, subgraph: str, type_name: str, field: str) -> bool:
        """Whether a directive or an interface of the subgraph needs the field."""
        if subgraph not in self._used:
            self._used[subgraph] = used_fields(self.subgraphs[subgraph])
        return (type_name, field) in self._used[subgraph]

    def resolves(self, subgraph: str, type_name: str, field: Field) -> bool:
        """Whether the subgraph answers for its field, on some path at least."""
        if not field.external:
            return True
        if subgraph not in self._provided:
            self._provided[subgraph] = provided_fields(self.subgraphs[subgraph])
        return (type_name, field.name) in self._provided[subgraph]

    @cached_property
    def interfaces(self) -> Mapping[str, tuple[str, ...]]:
        """By object and interface type, what it implements in any subgraph."""
        return {
            name: tuple(dict.fromkeys(i for d in sources.values() for i in d.interfaces))
            for name, sources in self.definitions.items()
        }

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """By union, its members in any subgraph."""
        return {
            name: tuple(dict.fromkeys(m for d in sources.values() for m in d.members))
            for name, sources in self.definitions.items()
            if self.kinds[name] == "union"
        }

    @cached_property
    def implementations(self) -> Mapping[str, tuple[str, ...]]:
        """By interface, the object types that implement it in any subgraph."""
        found: dict[str, list[str]] = {}
        for name, interfaces in self.interfaces.items():
            if self.kinds[name] == "type":
                for interface in interfaces:
                    found.setdefault(interface, []).append(name)
        return {name: tuple(types) for name, types in found.items()}

    def is_subtype(self, one: str, two: str) -> bool:
        """Whether the first named type implements the second or is a member of it."""
        return two in self.interfaces.get(one, ()) or one in self.members.get(two, ())

    def subtypes_in(self, subgraph: str) -> IsSubtype:
        """What is a subtype of a type as the subgraph has it; an ``@interfaceObject`` has none there."""
        types = self.subgraphs[subgraph].types

        def is_subtype(one: str, two: str) -> bool:
            definition = types.get(two)
            return self.is_subtype(one, two) and not (definition and definition.interface_object)

        return is_subtype

    def field_sources(self, name: str) -> dict[str, dict[str, Field | None]]:
        """The fields of an object or interface type, in the order in which subgraphs have them."""
        definitions, known = self.definitions[name], self.all_definitions[name]
        nowhere: dict[str, Field | None] = dict.fromkeys(
            s for s in self.subgraphs if s in known or any(self._interface_objects(s, name))
        )
        found: dict[str, dict[str, Field | None]] = {}
        for subgraph, definition in definitions.items():
            for field in definition.fields.values():
                found.setdefault(field.name, dict(nowhere))[subgraph] = field
        return found

    def abstracting(self, subgraph: str, type_name: str, field: str) -> list[tuple[str, Field]]:
        """The fields of ``@interfaceObject`` types by which a subgraph has a field of a type it does not know."""
        if self.kinds.get(type_name) != "type" or type_name in self.subgraphs[subgraph].types:
            return []
        return [
            (d.name, d.fields[field])
            for d in self._interface_objects(subgraph, type_name)
            if field in d.fields
        ]

    def is_provided_by_interface_object(self, interface: str, field: str) -> bool:
        """Whether some subgraph resolves the interface's field without knowing its implementations."""
        return any(
            d.interface_object and field in d.fields and not d.fields[field].external
            for d in self.definitions.get(interface, {}).values()
        )

    def _interface_objects(self, subgraph: str, type_name: str) -> Iterator[Definition]:
        for interface in self.interfaces[type_name]:
            definition = self.subgraphs[subgraph].types.get(interface)
            if definition is not None and definition.interface_object:
                yield definition


def kind_of(definition: Definition) -> str:
    """What it is in the supergraph."""
    return "interface" if definition.interface_object else definition.kind
