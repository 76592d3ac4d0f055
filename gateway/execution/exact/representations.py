"""Representations of entities: built from the answer so far, equal ones sent once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway import jsontext
from gateway.execution.exact.merging import copy_tree
from gateway.execution.places import Place
from gateway.execution.rewrites import apply_rewrites
from gateway.planning.plan import FetchNode, RequiredField, RequiredSelection
from gateway.supergraph.conditions import TypeConditions

__all__ = ["Batch", "build_batch", "build_representation"]

_MISSING = object()
_CONTAINERS = frozenset({dict, list})


@dataclass(frozen=True, slots=True)
class Batch:
    """Distinct representations, and for each the places that want what it stands for."""

    representations: list[dict[str, Any]]
    places: list[list[Place]]

    def all_places(self) -> list[Place]:
        """Every place, representation by representation."""
        return [place for group in self.places for place in group]


def build_batch(places: Sequence[Place], fetch: FetchNode, types: TypeConditions) -> Batch:
    """What ``fetch`` requires of each place; those that lack any of it are left out."""
    numbers: dict[bytes, int] = {}
    batch = Batch([], [])
    for place in places:
        made = build_representation(place.object, fetch.requires, types)
        if made is None:
            continue
        if fetch.input_rewrites:
            apply_rewrites(made, fetch.input_rewrites, types)
        number = numbers.setdefault(_identity(made), len(numbers))
        if number == len(batch.representations):
            batch.representations.append(made)
            batch.places.append([])
        batch.places[number].append(place)
    return batch


def _identity(representation: dict[str, Any]) -> bytes:
    return jsontext.encode(representation)


def build_representation(
    source: dict[str, Any], requires: Sequence[RequiredSelection], types: TypeConditions
) -> dict[str, Any] | None:
    """One representation; None where a required field is missing or no type condition holds."""
    made = _select(source, requires, types)
    if made is _MISSING or made.get("__typename") is None:
        return None
    return dict(made)


def _select(source: dict[str, Any], requires: Sequence[RequiredSelection], types: TypeConditions) -> Any:
    made: dict[str, Any] = {}
    for one in requires:
        if isinstance(one, RequiredField):
            value = source.get(one.response_key, _MISSING)
            if one.selections or type(value) in _CONTAINERS:
                value = _required(value, one, types)
            if value is None and types.never_null(source.get("__typename"), one.name):
                return _MISSING
            if value is _MISSING:
                return _MISSING
            if one.name in made:
                _join(made, one.name, value)
            else:
                made[one.name] = value
        elif types.holds(source.get("__typename"), one.type_condition):
            inner = _select(source, one.selections, types)
            if inner is _MISSING:
                return _MISSING
            for name, value in inner.items():
                _join(made, name, value)
    return made


def _join(made: dict[str, Any], name: str, value: Any) -> None:
    known = made.get(name)
    if isinstance(known, dict) and isinstance(value, dict):
        for key, item in value.items():
            _join(known, key, item)
    elif isinstance(known, list) and isinstance(value, list) and len(known) == len(value):
        for ours, theirs in zip(known, value, strict=True):
            if isinstance(ours, dict) and isinstance(theirs, dict):
                for key, item in theirs.items():
                    _join(ours, key, item)
    else:
        made[name] = value


def _required(value: Any, field: RequiredField, types: TypeConditions) -> Any:
    if value is _MISSING or value is None:
        return value
    if not field.selections:
        return copy_tree(value)
    if isinstance(value, list):
        items = [_required(item, field, types) for item in value]
        return _MISSING if any(item is _MISSING for item in items) else items
    return _select(value, field.selections, types) if isinstance(value, dict) else _MISSING
