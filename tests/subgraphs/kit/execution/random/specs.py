"""What a random schema is made from: types, their fields, and how each field gets its value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import strawberry

__all__ = ["LEAVES", "SOURCES", "Code", "Colour", "FieldSpec", "Told", "TypeSpec", "Wrapped"]

LEAVES = ("int", "str", "float", "bool", "id", "colour", "moment", "code")
SOURCES = ("attribute",) * 6 + (
    "resolver",
    "resolver with info",
    "async",
    "async with info",
    "loader",
    "returned future",
    "arguments",
    "permission",
    "late permission",
    "permitted attribute",
    "extension",
    "late extension",
)


@strawberry.enum
class Colour(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


class Code(str):
    """A scalar of the schema's own."""


@dataclass(frozen=True)
class Wrapped:
    """``base`` inside lists; a flag for each level, outermost first, says whether it may be null."""

    base: str
    nullable: tuple[bool, ...]


@dataclass(frozen=True)
class FieldSpec:
    name: str
    type: Wrapped
    source: str


@dataclass
class TypeSpec:
    name: str
    fields: list[FieldSpec]
    is_node: bool
    cls: Any = None


@dataclass
class Told:
    """What one execution did besides answering."""

    batches: list[list[int]] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    timed: Counter[tuple[str, ...]] = field(default_factory=Counter)
