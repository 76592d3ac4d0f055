"""Fetches of one subgraph at one place become one, where neither waits for the other.

This may delay a fetch until what its twin requires has arrived: one request less is worth a stage.
"""

from __future__ import annotations

from gateway.planning.fetch_graph.fetches import Fetch
from gateway.planning.fetch_graph.passes.absorbing import Absorbing

__all__ = ["fuse_equal_places"]


def fuse_equal_places(fetches: list[Fetch]) -> list[Fetch]:
    """Fuse until nothing more can be."""
    by_place: dict[tuple[object, ...], list[Fetch]] = {}
    for fetch in fetches:
        place = (fetch.subgraph, fetch.path, fetch.is_entity, fetch.kind, fetch.part)
        by_place.setdefault(place, []).append(fetch)
    twins = [group for group in by_place.values() if len(group) > 1]
    if twins:
        absorbing = Absorbing(fetches)
        # One round is enough: a fusion can only make more wait for each other. Outer places come first,
        # so that what waits for them waits for few.
        for group in sorted(twins, key=lambda group: len(group[0].path)):
            _fuse(group, absorbing)
        return absorbing.left()
    return fetches


def _fuse(twins: list[Fetch], absorbing: Absorbing) -> None:
    kept: list[Fetch] = []
    for fetch in twins:
        for twin in kept:
            if twin.fits(fetch) and absorbing.independent(twin, fetch):
                _take_over(twin, fetch)
                absorbing.absorb(twin, fetch)
                break
        else:
            kept.append(fetch)


def _take_over(keep: Fetch, gone: Fetch) -> None:
    """Ask and require all that ``gone`` does."""
    keep.selections.merge(gone.selections)
    keep.requirement.merge(gone.requirement)
    keep.input_rewrites.update(gone.input_rewrites)
    keep.context_rewrites.update(gone.context_rewrites)
    keep.context_variables.update(gone.context_variables)
    for name, entry in gone.entries.items():
        for way in entry.ways:
            keep.enter(name, entry.possible, way)
