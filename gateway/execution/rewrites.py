"""Rewrites a plan asks for: type names set in what is sent, keys renamed in what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.execution.places import ResponsePath
from gateway.planning.plan import KeyRenamer, Path, Rewrite
from gateway.supergraph.conditions import TypeConditions

__all__ = ["apply_rewrites", "rename_path"]

_CONDITION = "... on "


def apply_rewrites(value: Any, rewrites: Sequence[Rewrite], types: TypeConditions) -> None:
    """Apply each in turn to ``value``, in place."""
    for rewrite in rewrites:
        _apply(value, rewrite.path, rewrite, types)


def _apply(value: Any, path: Path, rewrite: Rewrite, types: TypeConditions) -> None:
    if isinstance(value, list):
        rest = path[1:] if path and path[0] == "@" else path
        for item in value:
            _apply(item, rest, rewrite, types)
        return
    if not isinstance(value, dict) or not path:
        return
    step = path[0]
    if step.startswith(_CONDITION):
        name = value.get("__typename")
        # A subgraph is not always asked for its type's name; keys to rename are then unique of themselves.
        if types.holds(name, step[len(_CONDITION) :]) or (name is None and isinstance(rewrite, KeyRenamer)):
            _apply(value, path[1:], rewrite, types)
    elif len(path) > 1:
        _apply(value.get(step), path[1:], rewrite, types)
    elif not isinstance(rewrite, KeyRenamer):
        value[step] = rewrite.value
    elif step in value:
        value[rewrite.rename_to] = value.pop(step)


def rename_path(path: ResponsePath, rewrites: Sequence[Rewrite]) -> ResponsePath:
    """A path of a subgraph's answer as it is after its keys have been renamed."""
    for rewrite in rewrites:
        if not isinstance(rewrite, KeyRenamer):
            continue
        wanted = [step for step in rewrite.path if step != "@" and not step.startswith(_CONDITION)]
        places = [index for index, step in enumerate(path) if isinstance(step, str)][: len(wanted)]
        if [path[index] for index in places] == wanted:
            last = places[-1]
            path = (*path[:last], rewrite.rename_to, *path[last + 1 :])
    return path
