"""What a watcher asks of the tables, and what one process answers: the same for this process and for those behind it."""

from __future__ import annotations

import enum
from typing import Final, NewType

import msgspec
import strawberry

from infra.ops.slow import SlowOperation
from infra.ops.waterfall import SpanPart

__all__ = [
    "COLUMNS",
    "MOST_MERGED",
    "MOST_ROWS",
    "Ask",
    "Line",
    "Number",
    "Part",
    "ResolverRow",
    "RowPart",
    "Sort",
]

MOST_ROWS: Final = 200
"""Rows of one page."""
MOST_MERGED: Final = 1000
"""Rows that each of several replicas tells, so that their sums are known before the first are chosen."""
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
    operation: str = ""
    """The kind and name of the one whose slowest execution is wanted."""
    trace: str = ""
    """Whose spans are wanted."""

    def of_each(self) -> Ask:
        """The same of several processes: what is among the first of all need not be among the first of each."""
        return msgspec.structs.replace(self, first=MOST_MERGED, offset=0)


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


class RowPart(msgspec.Struct, frozen=True):
    """What one process knows of a resolver's last minute: such that several processes' can be added up."""

    service: str
    type_name: str
    field: str
    executions: int
    operations: int
    errors: int
    seconds: float
    """Of all that ended."""
    counts: list[tuple[int, int]]
    """How many ended in which bucket of ``kit.telemetry.durations.EDGES``."""
    line: list[float | None]


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
    rows: list[RowPart]
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
    slowest: SlowOperation | None = None
    """A gateway's, of the operation that was asked for."""
