"""Errors by where they are: each is told with what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from gateway.execution.places import ResponsePath

__all__ = ["Later", "Noted", "not_about"]


class Later(Protocol):
    """Some fields of the object at ``path``; ``only_later`` are those not answered before."""

    path: ResponsePath
    fields: Any
    only_later: frozenset[str]


class Noted:
    """Errors of fetches, found by the fields they are about."""

    def __init__(self, errors: Iterable[dict[str, Any]]) -> None:
        self._at: dict[ResponsePath, list[dict[str, Any]]] = {}
        self._below: dict[ResponsePath, list[dict[str, Any]]] = {}
        for error in errors:
            path = _path(error)
            self._at.setdefault(path, []).append(error)
            for length in range(len(path)):
                self._below.setdefault(path[:length], []).append(error)

    def about(self, later: Later, *, above: bool = False) -> list[dict[str, Any]]:
        """Errors about its fields; with ``above`` also about its object and what that is in: nothing came of a fetch."""
        length = len(later.path)
        found = [e for e in self._below.get(later.path, ()) if _path(e)[length] in later.fields]
        if above:
            for shorter in range(length, -1, -1):
                found += self._at.get(later.path[:shorter], ())
        return found


def not_about(errors: Iterable[dict[str, Any]], laters: Sequence[Later]) -> list[dict[str, Any]]:
    """The errors without those about what is answered later."""
    if not laters:
        return list(errors)
    fields: dict[ResponsePath, set[str]] = {}
    for one in laters:
        fields.setdefault(one.path, set()).update(one.only_later)
    return [error for error in errors if not _falls(_path(error), fields)]


def _falls(path: ResponsePath, fields: dict[ResponsePath, set[str]]) -> bool:
    return any(step in fields.get(path[:length], ()) for length, step in enumerate(path))


def _path(error: dict[str, Any]) -> ResponsePath:
    return tuple(error.get("path") or ())
