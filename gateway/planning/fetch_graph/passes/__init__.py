"""What is done to fetches once they are assembled, in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from gateway.planning.fetch_graph.fetches import Fetch
from gateway.planning.fetch_graph.passes.alias_conflicts import alias_conflicts
from gateway.planning.fetch_graph.passes.drop_empty import drop_empty
from gateway.planning.fetch_graph.passes.fuse_equal_places import fuse_equal_places
from gateway.planning.fetch_graph.passes.pool_paths import pool_paths
from gateway.planning.fetch_graph.passes.reduce_waiting import reduce_waiting

__all__ = ["PASSES", "Pass", "optimize"]

Pass: TypeAlias = Callable[[list[Fetch]], list[Fetch]]

PASSES: tuple[Pass, ...] = (
    drop_empty,
    fuse_equal_places,
    alias_conflicts,
    pool_paths,
    reduce_waiting,
)


def optimize(fetches: list[Fetch], passes: Iterable[Pass] = PASSES) -> list[Fetch]:
    """Run the passes."""
    for one in passes:
        fetches = one(fetches)
    return fetches
