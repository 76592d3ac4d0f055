"""Ways from the response's root to a step's objects: where they are is asked only when something is wrong there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from msgspec import Struct

from gateway.compiling.analysis.shape import Position
from gateway.compiling.types.classes import Classes
from gateway.planning.plan import Path

__all__ = ["Found", "Trail", "trail"]

Found: TypeAlias = tuple[Any, tuple[str | int, ...]]
"""An object, and its path as the client sees it."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A path of the plan: for each key, the attribute it is in objects of each class."""

    levels: tuple[tuple[str, Mapping[type[Struct], str]], ...]

    def walk(self, root: Any) -> Iterator[Found]:
        """The objects there, in the response's order; the same object at each of its places."""
        yield from self._below(root, 0, ())

    def _below(self, value: Any, level: int, path: tuple[str | int, ...]) -> Iterator[Found]:
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._below(item, level, (*path, index))
        elif level == len(self.levels):
            if isinstance(value, Struct):
                yield value, path
        elif isinstance(value, Struct):
            key, attributes = self.levels[level]
            attribute = attributes.get(type(value))
            if attribute is not None:
                yield from self._below(getattr(value, attribute), level + 1, (*path, key))


def trail(path: Path, root: Position, classes: Classes) -> Trail:
    """The way along ``path``."""
    levels, here = [], [root]
    for key in path:
        if key == "@":
            continue
        attributes: dict[type[Struct], str] = {}
        below = []
        for position in here:
            for variant in position.variants:
                slot = variant.slots.get(key)
                if slot is not None and slot.position is not None:
                    layout = classes.layout(variant)
                    attributes[layout.encoded] = layout.attribute(slot)
                    below.append(slot.position)
        levels.append((key, attributes))
        here = below
    return Trail(tuple(levels))
