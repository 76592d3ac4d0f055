"""What a step's answer is decoded into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from msgspec import UNSET

from gateway.compiling.analysis.analyse import Branch
from gateway.compiling.analysis.reading import GivenField
from gateway.compiling.errors import NotCompilable
from gateway.compiling.types.annotations import annotation
from gateway.compiling.types.classes import Classes
from gateway.compiling.types.structs import REQUIRED, ClassField, struct

__all__ = ["StepTypes", "field_type", "step_types"]


@dataclass(frozen=True, slots=True)
class StepTypes:
    """What a step's objects are decoded into, and by which key each field is read."""

    patch: Any
    attributes: dict[str, str]
    """By the answer's key."""
    converted: frozenset[str] = frozenset()
    """Keys of what differs between the places it goes to: decoded as it is, then made fit for each."""
    optional: frozenset[str] = frozenset()
    """Keys that objects of some types lack."""


def step_types(classes: Classes, branches: tuple[Branch, ...]) -> StepTypes:
    """Lay out what the step creates; the class of its objects. Raises NotCompilable."""
    found: dict[str, list[Any]] = {}
    for branch in branches:
        for one in branch.fields:
            found.setdefault(one.key, []).append(field_type(classes, one))
    converted = frozenset(key for key, kinds in found.items() if any(k != kinds[0] for k in kinds))
    optional = frozenset(key for key, kinds in found.items() if len(kinds) < len(branches))
    fields = [
        ClassField(key, Any if key in converted else kinds[0], UNSET if key in optional else REQUIRED)
        for key, kinds in found.items()
    ]
    attributes = {key: f"f{number}" for number, key in enumerate(found)}
    return StepTypes(struct(fields), attributes, converted, optional)


def field_type(classes: Classes, one: GivenField) -> Any:
    """What one field is decoded as. Raises NotCompilable."""
    if one.slot.type is None:
        return Literal[one.names]
    if one.below is None or one.creates:
        return annotation(one.slot.type, classes.core(one))
    if len(one.below.position.variants) > 1:
        raise NotCompilable("a second answer about objects of several types")
    fields = one.below.fields[0]
    made = struct([ClassField(f.key, field_type(classes, f)) for f in fields])
    return annotation(one.slot.type, made)
