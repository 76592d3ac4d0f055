"""A type has every field of the interfaces it implements, in the merged graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.merged import MergedType
from gateway.composition.model import Subgraph

__all__ = ["interface_fields"]


def interface_fields(
    subgraphs: Sequence[Subgraph], types: Mapping[str, MergedType]
) -> Iterator[CompositionError]:
    """Each interface field that a type implementing the interface lacks."""
    for merged in types.values():
        have = {f.name for f in merged.fields}
        for subgraph, definition in merged.sources.items():
            for name in definition.interfaces:
                interface = types.get(name)
                if interface is None or any(d.interface_object for d in interface.sources.values()):
                    continue
                for field in interface.fields:
                    if field.name not in have:
                        message = (
                            f"Interface field '{name}.{field.name}' is declared in "
                            f"{', '.join(field.sources)} but type '{merged.name}', which implements "
                            f"'{name}' in {subgraph}, does not have it."
                        )
                        where = location_of(subgraph, definition.node)
                        yield CompositionError("INTERFACE_FIELD_NO_IMPLEM", message, (subgraph,), where)
