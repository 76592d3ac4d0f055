"""What is extended is defined somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.merged import MergedType
from gateway.composition.model import Subgraph

__all__ = ["extension_base"]

_ROOTS = frozenset({"Query", "Mutation", "Subscription"})


def extension_base(
    subgraphs: Sequence[Subgraph], types: Mapping[str, MergedType]
) -> Iterator[CompositionError]:
    """Each type that is only ever extended. Federation 2 takes entities' extensions for definitions."""
    for merged in types.values():
        if merged.name in _ROOTS or not all(d.extension for d in merged.sources.values()):
            continue
        if any(d.keys for d in merged.sources.values()):
            continue
        told = ", ".join(merged.sources)
        message = f"Type '{merged.name}' is extended in {told}, but defined in no subgraph."
        where = tuple(p for s, d in merged.sources.items() for p in location_of(s, d.node))
        yield CompositionError("EXTENSION_WITH_NO_BASE", message, tuple(merged.sources), where)
