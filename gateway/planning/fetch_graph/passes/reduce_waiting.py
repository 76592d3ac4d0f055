"""A fetch waits only for those that nothing else it waits for waits for already."""

from __future__ import annotations

from gateway.planning.fetch_graph.fetches import Fetch

__all__ = ["reduce_waiting"]


def reduce_waiting(fetches: list[Fetch]) -> list[Fetch]:
    """Transitive reduction."""
    for fetch in fetches:
        if len(fetch.parents) > 1:
            implied: set[Fetch] = set()
            for parent in fetch.parents:
                implied |= parent.ancestors()
            fetch.parents -= implied
    return fetches
