"""Fetches that turned out to ask for nothing are left out."""

from __future__ import annotations

from gateway.planning.fetches import Fetch, SelectionSet

__all__ = ["drop_empty"]


def drop_empty(fetches: list[Fetch]) -> list[Fetch]:
    """Keep what asks for something, or what another fetch waits for."""
    kept = [fetch for fetch in fetches if not _nothing(fetch.selections)]
    if len(kept) == len(fetches):
        return fetches
    dropped = set(fetches) - set(kept)
    for fetch in kept:
        while waiting := fetch.parents & dropped:
            fetch.parents -= waiting
            for parent in waiting:
                fetch.parents |= parent.parents
    return kept


def _nothing(selections: SelectionSet) -> bool:
    if selections.typename or selections.fields:
        return False
    return all(_nothing(body) for body in selections.fragments.values())
