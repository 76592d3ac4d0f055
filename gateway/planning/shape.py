"""What the answer looks like at each place, so that fields the planner adds never clash with the client's.

All subgraphs' answers are merged into one tree. A key or a required field is added under its own name
unless that name already means something else at its place (an alias, or other arguments): then it gets
an alias of its own.
"""

from __future__ import annotations

from gateway.query_graph.selection import Field, Selections

__all__ = ["Shape"]


class Shape:
    """One place: what each response key means there, and the places below."""

    __slots__ = ("below", "meaning")

    def __init__(self) -> None:
        self.meaning: dict[str, tuple[str, str] | None] = {}
        self.below: dict[str, Shape] = {}

    def add(self, selections: Selections) -> None:
        """Enter what the client selected; a key with two meanings (for two types) is nobody's."""
        for selection in selections:
            if not isinstance(selection, Field):
                self.add(selection.selections)
                continue
            meaning = (selection.name, selection.arguments)
            if self.meaning.setdefault(selection.key, meaning) != meaning:
                self.meaning[selection.key] = None
            if selection.selections is not None:
                self.at(selection.key).add(selection.selections)

    def at(self, key: str) -> Shape:
        """The place below ``key``."""
        below = self.below.get(key)
        if below is None:
            below = self.below[key] = Shape()
        return below

    def claim(self, field: Field) -> str:
        """The response key under which the planner may ask for the field here."""
        meaning = (field.name, field.arguments)
        key, count = field.name, 0
        while True:
            known = self.meaning.get(key, meaning)
            if known == meaning:
                self.meaning[key] = meaning
                return key
            key = f"_{field.name}_{count}" if not field.name.startswith("_") else f"{field.name}_{count}"
            count += 1
