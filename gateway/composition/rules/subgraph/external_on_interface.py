"""Fields of interfaces are not `@external`: no subgraph resolves them."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.subgraph import Subgraph

__all__ = ["external_on_interface"]


def external_on_interface(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each that is."""
    for definition in subgraph.types.values():
        for field in definition.fields.values() if definition.kind == "interface" else ():
            if field.external:
                told = f"'{definition.name}.{field.name}' cannot be @external: it is of an interface."
                yield error_in(subgraph.name, "EXTERNAL_ON_INTERFACE", told, field.node)
