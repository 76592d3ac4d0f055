"""Where in the answer so far the objects are that a fetch is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gateway.planning.plan import Path

__all__ = ["Place", "ResponsePath", "common_path", "find_places", "object_above"]

ResponsePath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An object of the answer, and its path as the client sees it."""

    object: dict[str, Any]
    path: ResponsePath


def find_places(root: dict[str, Any], paths: Sequence[Path]) -> list[Place]:
    """The objects at all ``paths``, in order; nulls and what a subgraph left out are no places."""
    return [place for path in paths for place in _walk(root, path, ())]


def _walk(value: Any, path: Path, so_far: ResponsePath) -> Iterator[Place]:
    for index, step in enumerate(path):
        if step == "@":
            if isinstance(value, list):
                rest = path[index + 1 :]
                for number, item in enumerate(value):
                    yield from _walk(item, rest, (*so_far, number))
            return
        if not isinstance(value, dict):
            return
        value = value.get(step)
        so_far = (*so_far, step)
    if isinstance(value, dict):
        yield Place(value, so_far)


def common_path(paths: Sequence[ResponsePath]) -> ResponsePath:
    """The longest path that all places are under."""
    common = paths[0] if paths else ()
    for path in paths[1:]:
        length = 0
        for ours, theirs in zip(common, path, strict=False):
            if ours != theirs:
                break
            length += 1
        common = common[:length]
    return common


def object_above(root: dict[str, Any], path: ResponsePath, levels: int) -> Any:
    """The object ``levels`` fields above the one at ``path``; elements of a list are no level."""
    end = len(path)
    for _ in range(levels):
        while end > 0 and isinstance(path[end - 1], int):
            end -= 1
        end -= 1
    # An element of a list stands for its field: its object is the element, not the list.
    value: Any = root
    for step in path[: max(end, 0)]:
        value = value[step]
    return value
