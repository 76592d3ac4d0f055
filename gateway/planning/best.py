"""Choosing one way for each unit so that all together need the fewest fetches.

The choice of ways whose union is cheapest is a Steiner tree in disguise, so the search is branch and
bound with a limit. Units with a single way come first: what they need is paid for anyway. The rest are
decided from the least choice to the most, trying the way that adds least first, so the first complete
answer is the greedy one and good enough to cut most of the others. A branch ends as soon as it costs as
much as the best answer known. When MAX_BRANCHES have been looked at, the best so far is the answer:
planning never hangs, and never fails for want of time.

The costs: a fetch is FETCH wherever it is; each stage it has to wait for adds STAGE, so that of equally
many fetches the flatter arrangement wins.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.planning.steps import Charges, Step, Unit
from gateway.query_graph.selection import Selection

__all__ = ["FETCH", "MAX_BRANCHES", "MAX_OPTIONS", "STAGE", "choose", "prune"]

FETCH = 1000
"""What a request to a subgraph costs."""
STAGE = 10
"""What each request costs that has to be answered before."""
ALIKE = 3
"""Ways kept to one place in one subgraph: which of equally cheap ones is best shows only later."""
MAX_BRANCHES = 4000
"""Partial answers looked at before settling for the best known."""
MAX_OPTIONS = 24
"""Ways kept to one place in the operation."""


def choose(
    units: Sequence[Unit], max_branches: int = MAX_BRANCHES
) -> tuple[tuple[Step, list[Selection]], ...]:
    """One way for each unit."""
    paid: Charges = {}
    open_units = []
    for unit in units:
        if len(unit.options) == 1:
            paid.update(unit.options[0].charges)
        else:
            open_units.append(unit)
    picked: dict[int, Step] = {}
    if open_units:
        open_units.sort(key=lambda unit: len(unit.options))
        picked = _Search(open_units, max_branches).run(paid)
    return tuple((picked.get(id(unit)) or unit.options[0], unit.elements) for unit in units)


def prune(options: list[Step], limit: int = MAX_OPTIONS) -> list[Step]:
    """Of the ways to one node the cheapest ALIKE, and of all of them the cheapest ``limit``."""
    if len(options) < 2:
        return options
    by_node: dict[int, list[tuple[int, Step]]] = {}
    for option in options:
        by_node.setdefault(option.node.number, []).append((option.cost, option))
    kept: list[tuple[int, Step]] = []
    for ways in by_node.values():
        ways.sort(key=_cost)
        cheapest = ways[0][0]
        kept.extend(way for way in ways[:ALIKE] if way[0] == cheapest)
    if len(kept) > limit:
        kept = sorted(kept, key=_cost)[:limit]
    return [option for _, option in kept]


def _cost(way: tuple[int, Step]) -> int:
    return way[0]


def _added(step: Step, paid: Charges) -> int:
    return sum(cost for key, cost in step.charges.items() if key not in paid)


class _Search:
    def __init__(self, units: list[Unit], max_branches: int) -> None:
        self.units = units
        self.left = max_branches
        self.best_cost: int | None = None
        self.best: dict[int, Step] = {}
        self.current: dict[int, Step] = {}

    def run(self, paid: Charges) -> dict[int, Step]:
        self._branch(0, paid, 0)
        return self.best

    def _branch(self, index: int, paid: Charges, cost: int) -> None:
        if index == len(self.units):
            self.best_cost = cost
            self.best = dict(self.current)
            return
        unit = self.units[index]
        ranked = sorted(((_added(option, paid), option) for option in unit.options), key=lambda pair: pair[0])
        for added, option in ranked:
            if self.best_cost is not None:
                if cost + added >= self.best_cost or self.left <= 0:
                    return
                self.left -= 1
            self.current[id(unit)] = option
            self._branch(index + 1, {**paid, **option.charges} if added else paid, cost + added)
