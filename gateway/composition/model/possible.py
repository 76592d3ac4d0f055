"""Which object types an abstract type of a subgraph may turn out to be."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.composition.model.subgraph import Definition

__all__ = ["possible_types"]


def possible_types(types: Mapping[str, Definition]) -> Mapping[str, tuple[str, ...]]:
    """By the name of each composite type its object types, in the order of ``types``."""
    found: dict[str, list[str]] = {}
    for name, definition in types.items():
        if definition.kind == "type":
            found[name] = [name]
        elif definition.kind == "union":
            found[name] = [m for m in definition.members if m in types]
        elif definition.kind == "interface":
            found[name] = []
    for name, definition in types.items():
        if definition.kind == "type":
            for interface in definition.interfaces:
                if interface in found:
                    found[interface].append(name)
    return {name: tuple(objects) for name, objects in found.items()}
