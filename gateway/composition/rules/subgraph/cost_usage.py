"""`@cost` does not stand on fields of interfaces (https://ibm.github.io/graphql-specs/cost-spec.html)."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.subgraph import Subgraph
from gateway.federation.vocabulary import FEDERATION

__all__ = ["cost_usage"]


def cost_usage(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each that does."""
    for definition in subgraph.types.values():
        for field in definition.fields.values() if definition.kind == "interface" else ():
            for applied in field.applied:
                if applied.name == "cost" and applied.spec == FEDERATION:
                    told = f"'{definition.name}.{field.name}' cannot have a @cost: it is of an interface."
                    yield error_in(subgraph.name, "COST_APPLIED_TO_INTERFACE_FIELD", told, applied.node)
