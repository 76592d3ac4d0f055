"""Interfaces and their fields have no `@key` before federation 2.3, and never `@requires` or `@provides`."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.errors import CompositionError, error_in
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.rules.subgraph.field_set_uses import uses_of
from gateway.federation.vocabulary import FEDERATION

__all__ = ["interface_field_sets"]

_KEYS_SINCE = (2, 3)


def interface_field_sets(subgraph: Subgraph) -> Iterator[CompositionError]:
    """Each of them on an interface or a field of one."""
    link = subgraph.link(FEDERATION)
    has_keys = link is None or link.version >= _KEYS_SINCE
    refused = ("requires", "provides") if has_keys else ("key", "requires", "provides")
    for directive in refused:
        for use in uses_of(subgraph, directive):
            if use.definition.kind == "interface":
                told = f"'{use.place}' cannot have @{directive}: it is of an interface."
                yield error_in(subgraph.name, f"{directive.upper()}_UNSUPPORTED_ON_INTERFACE", told, use.node)
