"""Selections that can be had by exactly the same ways, together: what is chosen for one is so for all of them."""

from __future__ import annotations

from gateway.planning.paths.best import MAX_OPTIONS
from gateway.planning.paths.steps import Step, Unit
from gateway.query_graph.selection import Selection

__all__ = ["Units"]


class Units:
    """Collects selections by the ways they can be had."""

    __slots__ = ("_by_options", "_order")

    def __init__(self) -> None:
        self._by_options: dict[tuple[int, ...], Unit] = {}
        self._order: list[tuple[Unit, Selection]] = []

    def add(self, options: list[Step], element: Selection) -> None:
        """One more that can be had by any of the options."""
        if len(options) > MAX_OPTIONS:
            options = sorted(options, key=lambda option: option.cost)[:MAX_OPTIONS]
        key = tuple(map(id, options))
        unit = self._by_options.get(key)
        if unit is None:
            unit = self._by_options[key] = Unit(tuple(options), [])
        self._order.append((unit, element))

    def mark(self) -> int:
        """Where to come ``back_to`` if what follows leads nowhere."""
        return len(self._order)

    def back_to(self, mark: int) -> None:
        """Forget what came since."""
        del self._order[mark:]

    def all(self) -> list[Unit]:
        """In the order of their first selections."""
        found: dict[int, Unit] = {}
        for unit, element in self._order:
            if id(unit) not in found:
                unit.elements = []
                found[id(unit)] = unit
            unit.elements.append(element)
        return list(found.values())
