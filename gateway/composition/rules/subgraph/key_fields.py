"""`@key` selects fields that are there, take no arguments, and are neither interfaces nor unions."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.rules.subgraph.field_set_uses import check_field_sets

__all__ = ["key_fields"]


def key_fields(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each ``@key`` that does not."""
    return check_field_sets(subgraph, "key")
