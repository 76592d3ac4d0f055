"""Letting one fetch stand for another in everyone's waiting."""

from __future__ import annotations

from gateway.planning.fetch_graph.fetches import Fetch

__all__ = ["Absorbing"]


class Absorbing:
    """The fetches of a plan while some of them become one; who waits for whom is known both ways."""

    def __init__(self, fetches: list[Fetch]) -> None:
        self._fetches = fetches
        self._gone: set[Fetch] = set()
        self._waiting: dict[Fetch, set[Fetch]] = {}
        for fetch in fetches:
            for parent in fetch.parents:
                self._waiting.setdefault(parent, set()).add(fetch)

    def independent(self, one: Fetch, other: Fetch) -> bool:
        """Whether neither waits for the other."""
        return one not in other.ancestors() and other not in one.ancestors()

    def absorb(self, keep: Fetch, gone: Fetch) -> None:
        """Let ``keep`` stand for ``gone``."""
        keep.parents |= gone.parents
        keep.parents.discard(keep)
        for parent in gone.parents:
            waiting = self._waiting.setdefault(parent, set())
            waiting.discard(gone)
            if parent is not keep:
                waiting.add(keep)
        for child in self._waiting.pop(gone, ()):
            child.parents.discard(gone)
            if child is not keep:
                child.parents.add(keep)
                self._waiting.setdefault(keep, set()).add(child)
        self._gone.add(gone)

    def left(self) -> list[Fetch]:
        """The fetches that still stand, in their order."""
        if self._gone:
            self._fetches[:] = [fetch for fetch in self._fetches if fetch not in self._gone]
        return self._fetches
