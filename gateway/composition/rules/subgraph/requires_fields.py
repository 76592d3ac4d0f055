"""`@requires` selects fields that are there, in other subgraphs too."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.rules.subgraph.field_set_uses import check_field_sets

__all__ = ["requires_fields"]


def requires_fields(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each ``@requires`` that does not."""
    return check_field_sets(subgraph, "requires")
