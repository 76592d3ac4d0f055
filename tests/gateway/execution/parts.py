"""Answers in parts put together again as a client does, holding them to their format on the way."""

from __future__ import annotations

from typing import Any

__all__ = ["assembled"]


def assembled(parts: list[dict[str, Any]], format_: str) -> Any:
    """The ``data`` that all parts make together."""
    first, *more = parts
    assert all(one["hasNext"] for one in parts[:-1])
    assert not parts[-1].get("hasNext", False)
    data = first["data"]
    if format_ == "draft":
        return _draft(data, first, more)
    for part in more:
        for entry in part["incremental"]:
            if entry["data"] is not None:
                _merge(_at(data, entry["path"]), entry["data"], again=True)
    return data


def _draft(data: Any, first: dict[str, Any], more: list[dict[str, Any]]) -> Any:
    pending: dict[str, list[Any]] = {}
    seen: set[str] = set()
    _announce(first, pending, seen)
    for part in more:
        _announce(part, pending, seen)
        for entry in part.get("incremental", ()):
            place = [*pending[entry["id"]], *entry.get("subPath", ())]
            _merge(_at(data, place), entry["data"], again=False)
        for entry in part.get("completed", ()):
            del pending[entry["id"]]
    assert not pending
    return data


def _announce(part: dict[str, Any], pending: dict[str, list[Any]], seen: set[str]) -> None:
    for entry in part.get("pending", ()):
        assert entry["id"] not in seen
        seen.add(entry["id"])
        pending[entry["id"]] = entry["path"]


def _at(value: Any, path: list[Any]) -> Any:
    for step in path:
        value = value[step]
    return value


def _merge(into: Any, value: Any, *, again: bool) -> None:
    """``again``: what is there already may come once more, equal."""
    if isinstance(into, dict) and isinstance(value, dict):
        for key, item in value.items():
            if key in into:
                _merge(into[key], item, again=again)
            else:
                into[key] = item
    elif isinstance(into, list) and isinstance(value, list):
        for ours, theirs in zip(into, value, strict=True):
            _merge(ours, theirs, again=again)
    else:
        assert again
        assert into == value
