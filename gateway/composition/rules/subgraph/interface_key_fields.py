"""The keys of interfaces, and of what implements them, can be read; else no two of them can be compared."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError
from gateway.composition.model.possible import possible_types
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.rules.subgraph.field_set_uses import check_field_sets

__all__ = ["interface_key_fields"]

_UNREADABLE = frozenset({"KEY_INVALID_FIELDS", "KEY_INVALID_FIELDS_TYPE"})


def interface_key_fields(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each that cannot."""
    keyed = [
        name
        for name, definition in subgraph.types.items()
        if definition.kind == "interface" and any(a.name == "key" for a in definition.federation)
    ]
    if keyed:
        possible = possible_types(subgraph.types)
        names = {*keyed, *(name for interface in keyed for name in possible[interface])}
        yield from (e for e in check_field_sets(subgraph, "key", names) if e.code in _UNREADABLE)
