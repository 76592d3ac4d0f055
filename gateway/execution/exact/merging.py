"""Putting what a subgraph answered into the answer so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["copy_tree", "merge_into"]

_CONTAINERS = frozenset({dict, list})


def merge_into(target: dict[str, Any], source: dict[str, Any], is_abstract: Callable[[str], bool]) -> None:
    """Merge ``source`` into ``target``, which then owns it.

    A null never replaces what another fetch has given, and the name of an interface, which a subgraph
    with an interface object gives for ``__typename``, never replaces that of an object type.
    """
    for key, value in source.items():
        known = target.get(key)
        if known is None:
            target[key] = value
        elif isinstance(known, dict):
            if isinstance(value, dict):
                merge_into(known, value, is_abstract)
        elif isinstance(known, list):
            if isinstance(value, list):
                _merge_lists(known, value, is_abstract)
        elif value is not None and not (key == "__typename" and is_abstract(str(value))):
            target[key] = value


def _merge_lists(target: list[Any], source: list[Any], is_abstract: Callable[[str], bool]) -> None:
    for index, (known, value) in enumerate(zip(target, source, strict=False)):
        if isinstance(known, dict) and isinstance(value, dict):
            merge_into(known, value, is_abstract)
        elif isinstance(known, list) and isinstance(value, list):
            _merge_lists(known, value, is_abstract)
        elif known is None:
            target[index] = value


def copy_tree(value: Any) -> Any:
    """A copy of decoded JSON that shares no container with it."""
    kind = type(value)
    if kind is dict:
        return {k: copy_tree(v) if type(v) in _CONTAINERS else v for k, v in value.items()}
    if kind is list:
        return [copy_tree(v) if type(v) in _CONTAINERS else v for v in value]
    return value
