"""What a watcher asks of the tables, and what one process answers: the same for this process and for those behind it."""

from __future__ import annotations

import enum
from typing import Final, NewType

import msgspec
import strawberry

from infra.ops.waterfall import SpanPart

__all__ = ["COLUMNS", "MOST_ROWS", "Ask", "Line", "Number", "Part", "ResolverRow", "Sort"]

MOST_ROWS: Final = 200
"""Rows of one page."""
COLUMNS: Final = 60
"""Of sparklines and of the grid of durations."""


Line = NewType("Line", object)
"""A number or null for each column: one scalar, since a list's every number would be a step of execution."""


@strawberry.enum(description="What rows are ordered by, the highest first; NAME from A.")
class Sort(enum.Enum):
    """As the page's columns are."""

    P50 = "p50"
    P95 = "p95"
    P99 = "p99"
    RATE = "rate"
    ERRORS = "errors"
    PER_OPERATION = "per_operation"
    LOAD = "load"
    NAME = "name"


class Ask(msgspec.Struct, frozen=True):
    """Which rows, and of what the rest is."""

    sort: Sort = Sort.P95
    reverse: bool = False
    search: str = ""
    service: str = ""
    first: int = 50
    offset: int = 0
    resolver: str = ""
    """``service.Type.field`` whose durations the grid has; empty: all that ``service`` allows."""
    trace: str = ""
    """Whose spans are wanted."""


@strawberry.type(description="A resolver's last minute.")
class ResolverRow:
    """Times in seconds, within 5 %; None where nothing ended."""

    service: str
    type_name: str
    field: str
    rate: float
    """Executions a second."""
    per_operation: float
    """Executions for each operation that has any."""
    errors: float
    """The share that failed, 0 to 1."""
    load: float
    """Seconds spent in it in each second."""
    p50: float | None
    p95: float | None
    p99: float | None
    line: Line
    """Its p95 in each column, null where nothing ended."""


class Number(msgspec.Struct, frozen=True):
    """One of the process's other numbers."""

    name: str
    labels: dict[str, str]
    value: float


class Part(msgspec.Struct, frozen=True):
    """One process's answer."""

    window_seconds: float
    """What the rows are of."""
    history_seconds: float
    """How far back the columns go."""
    rows: list[ResolverRow]
    """The first ``offset + first`` of those asked for."""
    total: int
    services: list[str]
    """With resolvers that ran."""
    heat: dict[int, list[int]]
    """Rows of durations by the number of the column: seconds since 1970 ÷ the column's width."""
    counts: list[Number]
    """What grew within the window."""
    gauges: list[Number]
    spans: list[SpanPart]
    slow: list[str]
    """Resolvers that an alert is about."""
