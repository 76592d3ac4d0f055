"""A cell for each operation by name: names are anybody's to make up, so there is place for some, and who keeps one is chosen."""

from __future__ import annotations

import heapq
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping

from infra.ops.growth import Key
from subgraphs.kit.telemetry.resolver_times import ResolverCell

__all__ = ["OperationCells"]


class OperationCells:
    """Where there is no place for one more, what ran least lately gives up its own; of names known beforehand none does as
    long as there are others. So who makes up names pushes out such names alone, not what people use.
    """

    def __init__(
        self, most: int, known: Collection[str], stretch: float, forgotten: Callable[[Key], object]
    ) -> None:
        """``stretch``: seconds; lately is in this one and in the one before. ``forgotten`` is told of each that goes."""
        self._most = most
        self._known = frozenset(known)
        self._stretch = stretch
        self._forgotten = forgotten
        self._cells: OrderedDict[Key, ResolverCell] = OrderedDict()
        self._since: float | None = None
        self._before: Mapping[Key, int] = {}
        """Executions until the stretch before this one began."""
        self._begun: Mapping[Key, int] = {}
        """And until this one did."""

    def __len__(self) -> int:
        return len(self._cells)

    def all(self) -> dict[Key, ResolverCell]:
        """Those that there are."""
        return dict(self._cells.items())

    def of(self, key: Key, now: float) -> ResolverCell:
        """That of an operation which has just run, the same as long as it is not forgotten."""
        if self._since is None or now - self._since >= self._stretch:
            self._since = now
            self._before, self._begun = self._begun, {k: cell.executions for k, cell in self._cells.items()}
        cell = self._cells.get(key)
        if cell is None:
            if len(self._cells) >= self._most:
                self._forget()
            cell = self._cells[key] = ResolverCell(time.perf_counter)
        else:
            self._cells.move_to_end(key)
        return cell

    def _forget(self) -> None:
        """Some at once: to find them all have to be looked at. Of equals those go that were not asked the longest."""
        for key in heapq.nsmallest(1 + self._most // 10, self._cells, self._missed):
            del self._cells[key]
            self._forgotten(key)

    def _missed(self, key: Key) -> tuple[bool, int]:
        ran = self._cells[key].executions
        before = self._before.get(key, 0)
        # Fewer than then: it was forgotten meanwhile, and has come back.
        return key[2] in self._known, ran - before if ran >= before else ran
