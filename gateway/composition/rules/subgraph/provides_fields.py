"""`@provides` selects fields that are there, take no arguments, and which other subgraphs resolve."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.rules.subgraph.field_set_uses import check_field_sets

__all__ = ["provides_fields"]


def provides_fields(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each ``@provides`` that does not."""
    return check_field_sets(subgraph, "provides")
