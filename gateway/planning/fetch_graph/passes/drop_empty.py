"""Fetches that turned out to ask for nothing are left out."""

from __future__ import annotations

from gateway.planning.fetch_graph.fetches import Fetch, SelectionSet

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
    """Whether nothing is asked; fragments that ask for nothing are left out, and their variables with them."""
    void = [key for key, body in selections.fragments.items() if _nothing(body)]
    for key in void:
        del selections.fragments[key]
    for field in selections.fields.values():
        if field.children is not None:
            _nothing(field.children)
    return selections.is_empty()
