"""A type has every field of the interfaces it implements, in the merged graph."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.model.merged import Merged, MergedType

__all__ = ["interface_fields"]


def interface_fields(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each interface field that a type implementing the interface lacks."""
    for one in merged.types.values():
        for interface in one.interfaces:
            found = merged.types.get(interface)
            for field in found.fields if found is not None else ():
                if found is not None and field not in one.fields:
                    yield _missing(one, found, field)


def _missing(one: MergedType, interface: MergedType, field: str) -> CompositionError:
    having = {s: f for s, f in interface.fields[field].sources.items() if f is not None}
    implementing = {s: d for s, d in one.sources.items() if interface.name in d.interfaces}
    message = (
        f'"{one.name}" implements "{interface.name}" in {", ".join(implementing)}, and lacks its field '
        f'"{field}", which "{interface.name}" has in {", ".join(having)}.'
    )
    where = (
        *(place for s, f in having.items() for place in location_of(s, f.node)),
        *(place for s, d in implementing.items() for place in location_of(s, d.node)),
    )
    subgraphs = tuple(dict.fromkeys((*having, *implementing)))
    return CompositionError("INTERFACE_FIELD_NO_IMPLEM", message, subgraphs, where)
