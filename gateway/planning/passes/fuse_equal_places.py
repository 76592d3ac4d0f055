"""Fetches of one subgraph at one place become one, where neither waits for the other.

This may delay a fetch until what its twin requires has arrived: one request less is worth a stage.
"""

from __future__ import annotations

from gateway.planning.fetches import Fetch

__all__ = ["absorb", "fuse_equal_places"]


def fuse_equal_places(fetches: list[Fetch]) -> list[Fetch]:
    """Fuse until nothing more can be."""
    while True:
        pair = _fusible(fetches)
        if pair is None:
            return fetches
        keep, gone = pair
        keep.selections.merge(gone.selections)
        keep.requirement.merge(gone.requirement)
        keep.input_rewrites.update(gone.input_rewrites)
        keep.context_rewrites.update(gone.context_rewrites)
        keep.context_variables.update(gone.context_variables)
        for name, entry in gone.entries.items():
            for way in entry.ways:
                keep.enter(name, entry.possible, way)
        absorb(keep, gone, fetches)


def absorb(keep: Fetch, gone: Fetch, fetches: list[Fetch]) -> None:
    """Let ``keep`` stand for ``gone`` in everyone's waiting, and take ``gone`` off the list."""
    keep.parents |= gone.parents
    for fetch in fetches:
        if gone in fetch.parents:
            fetch.parents.discard(gone)
            fetch.parents.add(keep)
    keep.parents.discard(keep)
    fetches.remove(gone)


def _fusible(fetches: list[Fetch]) -> tuple[Fetch, Fetch] | None:
    by_place: dict[tuple[object, ...], list[Fetch]] = {}
    for fetch in fetches:
        twins = by_place.setdefault((fetch.subgraph, fetch.path, fetch.is_entity, fetch.kind, fetch.part), [])
        for twin in twins:
            if fetch in twin.ancestors() or twin in fetch.ancestors():
                continue
            if twin.fits(fetch):
                return twin, fetch
        twins.append(fetch)
    return None
