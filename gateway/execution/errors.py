"""Errors in the client's terms: paths of its own answer, stable codes, nothing internal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, parse

from gateway.execution.places import ResponsePath

__all__ = ["ErrorLog", "client_error", "from_subgraph", "root_keys", "subgraph_path"]

_DEFAULT_CODE = "DOWNSTREAM_SERVICE_ERROR"
_INTERNAL = frozenset(
    {"exception", "stacktrace", "stackTrace", "trace", "traceback", "debug", "debugMessage"}
)


def client_error(message: str, code: str, subgraph: str, path: ResponsePath | None) -> dict[str, Any]:
    """An error of the gateway's own about a fetch."""
    made: dict[str, Any] = {"message": message}
    if path:
        made["path"] = list(path)
    made["extensions"] = {"code": code, "service": subgraph}
    return made


def from_subgraph(error: Mapping[str, Any], subgraph: str, path: ResponsePath | None) -> dict[str, Any]:
    """A subgraph's error as the client gets it: places in the subgraph's own document mean nothing there."""
    message = error.get("message")
    given = error.get("extensions")
    kept = {k: v for k, v in given.items() if k not in _INTERNAL} if isinstance(given, Mapping) else {}
    code = kept.pop("code", None)
    made: dict[str, Any] = {
        "message": message if isinstance(message, str) else "The subgraph reports an error"
    }
    if path:
        made["path"] = list(path)
    made["extensions"] = {
        "code": code if isinstance(code, str) else _DEFAULT_CODE,
        **kept,
        "service": subgraph,
    }
    return made


def subgraph_path(error: Mapping[str, Any]) -> ResponsePath:
    """The path a subgraph gave, empty where it gave none that makes sense."""
    path = error.get("path")
    if not isinstance(path, list) or not all(isinstance(step, str | int) for step in path):
        return ()
    return tuple(path)


@lru_cache(maxsize=1024)
def root_keys(operation: str) -> tuple[str, ...]:
    """The response keys a root fetch was to give, as far as they stand in no fragment."""
    definition = parse(operation, no_location=True).definitions[0]
    if not isinstance(definition, OperationDefinitionNode):
        return ()
    return tuple(
        node.alias.value if node.alias else node.name.value
        for node in definition.selection_set.selections
        if isinstance(node, FieldNode)
    )


class ErrorLog:
    """The errors of one answer, and whether a place is already accounted for."""

    __slots__ = ("_above", "_at", "_behind", "errors")

    def __init__(self, behind: Iterable[ErrorLog] = ()) -> None:
        """``behind``: logs by which places are accounted for, too."""
        self.errors: list[dict[str, Any]] = []
        self._behind = tuple(behind)
        self._at: set[ResponsePath] = set()
        self._above: set[ResponsePath] = set()

    def add(self, error: dict[str, Any]) -> None:
        """Take note of an error."""
        self.errors.append(error)
        path: ResponsePath = tuple(error.get("path") or ())
        self._at.add(path)
        for length in range(len(path) + 1):
            self._above.add(path[:length])

    def extend(self, errors: Iterable[dict[str, Any]]) -> None:
        """Take note of errors."""
        for error in errors:
            self.add(error)

    def join(self, other: ErrorLog) -> None:
        """Take note of all that ``other`` knows."""
        self.errors += other.errors
        self._at |= other._at
        self._above |= other._above

    def excuse(self, path: ResponsePath) -> None:
        """Nothing came for this place because of an error that was noted elsewhere: say no more about it."""
        self._at.add(path)
        self._above.add(path)

    def explains(self, path: ResponsePath) -> bool:
        """Whether an error at, under or above ``path`` says already why there is nothing."""
        if path in self._above:
            return True
        if any(path[:length] in self._at for length in range(len(path))):
            return True
        return any(log.explains(path) for log in self._behind)
