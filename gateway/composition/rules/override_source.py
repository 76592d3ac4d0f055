"""`@override` names another subgraph, whose field is not itself an override."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.merged import MergedType
from gateway.composition.model import Subgraph

__all__ = ["override_source"]


def override_source(
    subgraphs: Sequence[Subgraph], types: Mapping[str, MergedType]
) -> Iterator[CompositionError]:
    """Each override of itself, or of an override."""
    for merged in types.values():
        for field in merged.fields:
            for subgraph, source in field.sources.items():
                if source.override is None:
                    continue
                place = f"{merged.name}.{field.name}"
                where = location_of(subgraph, source.node)
                if source.override == subgraph:
                    message = f"[{subgraph}] Field '{place}' cannot override itself."
                    yield CompositionError("OVERRIDE_FROM_SELF_ERROR", message, (subgraph,), where)
                other = field.sources.get(source.override)
                if other is not None and other.override is not None and source.override != subgraph:
                    message = f"[{subgraph}] Field '{place}' overrides one that is an override itself."
                    yield CompositionError("OVERRIDE_SOURCE_HAS_OVERRIDE", message, (subgraph,), where)
