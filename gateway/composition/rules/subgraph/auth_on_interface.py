"""Interfaces, their fields and `@interfaceObject`s are guarded where they are implemented, not themselves."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.subgraph import Applied, Subgraph
from gateway.federation.directives import GUARDS
from gateway.federation.vocabulary import FEDERATION

__all__ = ["auth_on_interface"]


def auth_on_interface(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each that has ``@authenticated``, ``@requiresScopes`` or ``@policy``."""
    for place, applied in _of_interfaces(subgraph):
        if applied.name in GUARDS and applied.spec == FEDERATION:
            told = (
                f"'{place}' cannot have @{applied.name}: it is of an interface; guard the types themselves."
            )
            yield error_in(subgraph.name, "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", told, applied.node)


def _of_interfaces(subgraph: Subgraph) -> Iterator[tuple[str, Applied]]:
    for definition in subgraph.types.values():
        if definition.kind == "interface" or definition.interface_object:
            yield from ((definition.name, applied) for applied in definition.applied)
        if definition.kind == "interface":
            for field in definition.fields.values():
                yield from ((f"{definition.name}.{field.name}", applied) for applied in field.applied)
