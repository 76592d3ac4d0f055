"""`@provides` stands on fields that this subgraph resolves, and that have fields themselves."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.field_sets.selecting import COMPOSITE
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.rules.subgraph.field_set_uses import uses_of

__all__ = ["provides_target"]


def provides_target(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each ``@provides`` elsewhere."""
    for use in uses_of(subgraph, "provides"):
        if use.field is not None and use.field.external:
            told = f"'{use.place}' cannot be both @external and @provides."
            yield error_in(subgraph.name, "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE", told, use.node)
            continue
        target = subgraph.types.get(use.on)
        if target is None or target.kind not in COMPOSITE:
            told = f"'{use.place}' is '{use.on}', which has no fields that it could provide."
            yield error_in(subgraph.name, "PROVIDES_ON_NON_OBJECT_FIELD", told, use.node)
