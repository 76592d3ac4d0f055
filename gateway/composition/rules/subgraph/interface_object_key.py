"""`@interfaceObject` stands on entities."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.subgraph import Subgraph

__all__ = ["interface_object_key"]


def interface_object_key(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each that has no key here."""
    for definition in subgraph.types.values():
        if definition.interface_object and not any(a.name == "key" for a in definition.federation):
            told = f"'{definition.name}' cannot be an @interfaceObject: it has no @key."
            yield error_in(subgraph.name, "INTERFACE_OBJECT_USAGE_ERROR", told, definition.node)
