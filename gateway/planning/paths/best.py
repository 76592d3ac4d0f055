"""Choosing one way for each unit so that all together need the fewest fetches.

The choice of ways whose union is cheapest is a Steiner tree in disguise, so the search is branch and
bound with a limit. Units with a single way come first: what they need is paid for anyway. The rest fall
into groups that could share nothing, each decided by itself: within a group from the least choice to the
most, trying the way that adds least first, so the first complete answer is the greedy one and good enough
to cut most of the others. A branch ends as soon as it costs as much as the best answer known. When so many
have been looked at as are allowed, the best so far is the answer: planning never hangs, and never fails
for want of time.

The costs: a fetch is FETCH wherever it is; each stage it has to wait for adds STAGE, so that of equally
many fetches the flatter arrangement wins.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.planning.paths.steps import FetchKey, Kind, Step, Unit
from gateway.query_graph import Node
from gateway.query_graph.selection import Selection

__all__ = ["FETCH", "MAX_BRANCHES", "MAX_OPTIONS", "STAGE", "choose", "prune", "root_step"]

FETCH = 1000
"""What a request to a subgraph costs."""
STAGE = 10
"""What each request costs that has to be answered before."""
MAX_DEPTH = 300
"""Units decided together by searching; more are decided one after the other."""
ALIKE = 3
"""Ways kept to one place in one subgraph: which of equally cheap ones is best shows only later."""
MAX_BRANCHES = 4000
"""Partial answers looked at before settling for the best known."""
MAX_OPTIONS = 24
"""Ways kept to one place in the operation."""


def root_step(node: Node) -> Step:
    """Where the ways from a root begin, its own fetch being charged."""
    return Step(None, node, Kind.START, (), {((), node.subgraph): FETCH}, 0)


def choose(
    units: Sequence[Unit], max_branches: int = MAX_BRANCHES
) -> tuple[tuple[Step, list[Selection]], ...]:
    """One way for each unit."""
    paid: set[FetchKey] = set()
    open_units = []
    for unit in units:
        if len(unit.options) == 1:
            paid.update(unit.options[0].charges)
        else:
            open_units.append(unit)
    picked: dict[int, Step] = {}
    if open_units:
        groups = _groups(open_units, paid)
        for group in groups:
            _Search(group, paid, max_branches // len(groups), picked).run()
    return tuple((picked.get(id(unit)) or unit.options[0], unit.elements) for unit in units)


def _groups(units: list[Unit], paid: set[FetchKey]) -> list[list[Unit]]:
    """Units apart whose ways have no fetch in common that is not paid for."""
    if len(units) == 1:
        return [units]
    leader: dict[FetchKey, FetchKey] = {}

    def lead(key: FetchKey) -> FetchKey:
        while (above := leader.setdefault(key, key)) != key:
            leader[key] = key = leader.setdefault(above, above)
        return key

    heads: list[FetchKey | None] = []
    for unit in units:
        head: FetchKey | None = None
        for option in unit.options:
            for key in option.charges:
                if key not in paid:
                    head = lead(key) if head is None else head
                    leader[lead(key)] = head
        heads.append(head)
    groups: dict[FetchKey | None, list[Unit]] = {}
    for unit, head in zip(units, heads, strict=True):
        groups.setdefault(None if head is None else lead(head), []).append(unit)
    return list(groups.values())


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


def _added(step: Step, paid: set[FetchKey]) -> int:
    return sum(cost for key, cost in step.charges.items() if key not in paid)


class _Search:
    """One group's best answer, added to ``picked``."""

    def __init__(
        self, units: list[Unit], paid: set[FetchKey], max_branches: int, picked: dict[int, Step]
    ) -> None:
        self.units = sorted(units, key=lambda unit: len(unit.options))
        self.paid = set(paid)
        self.left = max_branches if len(units) <= MAX_DEPTH else 0
        self.picked = picked
        self.best_cost: int | None = None
        self.current: dict[int, Step] = {}

    def run(self) -> None:
        if self.left <= len(self.units):
            self._greedy()
        else:
            self._branch(0, 0)

    def _greedy(self) -> None:
        for unit in self.units:
            option = min(unit.options, key=lambda option: _added(option, self.paid))
            self.paid.update(option.charges)
            self.picked[id(unit)] = option

    def _branch(self, index: int, cost: int) -> None:
        if index == len(self.units):
            self.best_cost = cost
            self.picked.update(self.current)
            return
        unit = self.units[index]
        ranked = sorted(((_added(option, self.paid), option) for option in unit.options), key=_cost)
        for added, option in ranked:
            if self.best_cost is not None:
                if cost + added >= self.best_cost or self.left <= 0:
                    return
                self.left -= 1
            self.current[id(unit)] = option
            new = [key for key in option.charges if key not in self.paid] if added else []
            self.paid.update(new)
            self._branch(index + 1, cost + added)
            self.paid.difference_update(new)
