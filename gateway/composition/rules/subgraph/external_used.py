"""A field marked `@external` serves a key, a `@requires`, a `@provides`, a context or an interface."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.field_sets.usage import used_fields
from gateway.composition.model.subgraph import Subgraph

__all__ = ["external_used"]


def external_used(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each external field that nothing uses."""
    external = [(d.name, f) for d in subgraph.types.values() for f in d.fields.values() if f.external]
    used = used_fields(subgraph) if external else frozenset()
    for name, field in external:
        if (name, field.name) not in used:
            told = (
                f"'{name}.{field.name}' is @external, but no directive selects it and no interface needs it."
            )
            yield error_in(subgraph.name, "EXTERNAL_UNUSED", told, field.node)
