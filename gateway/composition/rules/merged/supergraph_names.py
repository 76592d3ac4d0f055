"""Names that start like the supergraph's own elements are left to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.model.merged import Merged
from gateway.federation.join_definitions import join_names

__all__ = ["MACHINERY", "supergraph_names"]

MACHINERY = ("join__", "link__")


def supergraph_names(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each type and directive that is called so; scalars may be, where the supergraph has none of that name."""
    own = join_names(merged.join_version)
    for one in merged.types.values():
        if one.name.startswith(MACHINERY) and (one.kind != "scalar" or one.name in own):
            yield _error(one.name, one.sources)
    for name in merged.directives:
        if name.startswith(MACHINERY):
            yield _error(f"@{name}", {s.name: s.directives.get(name) for s in merged.subgraphs})


def _error(name: str, sources: Mapping[str, Any]) -> CompositionError:
    found = {s: source for s, source in sources.items() if source is not None}
    where = tuple(place for s, source in found.items() for place in location_of(s, source.node))
    return CompositionError(
        "INVALID_GRAPHQL", f'"{name}" is a name of the supergraph\'s own.', tuple(found), where
    )
