"""Rows of resolvers from what was remembered: all are judged, those of one page are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from infra.ops.ask import COLUMNS, Ask, Line, Part, ResolverRow, RowPart, Sort
from infra.ops.growth import Delta, Key, Total
from infra.ops.recorder import Frame

__all__ = [
    "column_seconds",
    "merged_rows",
    "resolver_rows",
    "row_parts",
    "slow_resolvers",
    "summed",
    "totals",
]

_SLOW, _OFTEN, _MOST_SLOW = 1.0, 0.1, 20
"""Seconds, executions a second (both the rule's), and resolvers named at most."""


def column_seconds(minutes: int) -> float:
    """How wide a column is."""
    return minutes * 60 / COLUMNS


def totals(deltas: Iterable[Mapping[Key, Delta]]) -> dict[Key, Total]:
    """Each cell's, added up."""
    found: dict[Key, Total] = {}
    for each in deltas:
        for key, delta in each.items():
            total = found.get(key)
            if total is None:
                total = found[key] = Total()
            total.add(delta)
    return found


def resolver_rows(
    found: Mapping[Key, Total], seconds: float, frames: Sequence[Frame], ask: Ask, width: float
) -> tuple[list[RowPart], int]:
    """The first ``offset + first`` rows in the order asked for, and how many there are.

    ``found`` is of the last ``seconds``; ``frames`` are what the sparklines are drawn of.
    """
    wanted = {key: total for key, total in found.items() if _fits(key, ask)}
    value = _VALUES[ask.sort]
    ordered = sorted(wanted, key=lambda key: (value(wanted[key], seconds, key), key), reverse=_down(ask))
    page = ordered[: ask.offset + ask.first]
    return [_row_part(key, wanted[key], _line(key, frames, width)) for key in page], len(wanted)


def slow_resolvers(found: Mapping[Key, Total], seconds: float) -> list[str]:
    """Those that the rule SlowResolver is about."""
    return [
        f"{service}: {type_name}.{field}"
        for (service, type_name, field), total in found.items()
        if total.executions / seconds > _OFTEN and (total.quantile(0.95) or 0.0) > _SLOW
    ][:_MOST_SLOW]


def merged_rows(parts: Iterable[Part], ask: Ask) -> list[ResolverRow]:
    """One page of the rows of several processes; what several know of one resolver is one row."""
    rows = summed((part.rows, part.window_seconds or 1.0) for part in parts)
    rows.sort(key=lambda row: (_of_row(row, ask.sort), _key(row)), reverse=_down(ask))
    return rows[ask.offset : ask.offset + ask.first]


def row_parts(found: Mapping[Key, Total]) -> list[RowPart]:
    """All of them, without the line of each."""
    return [_row_part(key, total, []) for key, total in found.items()]


def summed(told: Iterable[tuple[Sequence[RowPart], float]]) -> list[ResolverRow]:
    """What several processes know, each of so many seconds: a row for each key that any has."""
    found: dict[Key, list[tuple[RowPart, float]]] = {}
    for rows, seconds in told:
        for row in rows:
            found.setdefault(_key(row), []).append((row, seconds))
    return [_row(key, known) for key, known in found.items()]


def _fits(key: Key, ask: Ask) -> bool:
    service, type_name, field = key
    if ask.service and service != ask.service:
        return False
    return ask.search.lower() in f"{service} {type_name}.{field}".lower()


def _down(ask: Ask) -> bool:
    return (ask.sort is Sort.NAME) is ask.reverse


def _key(row: ResolverRow | RowPart) -> Key:
    return (row.service, row.type_name, row.field)


_VALUES: Mapping[Sort, Callable[[Total, float, Key], float | Key]] = {
    Sort.P50: lambda total, _, __: total.quantile(0.5) or 0.0,
    Sort.P95: lambda total, _, __: total.quantile(0.95) or 0.0,
    Sort.P99: lambda total, _, __: total.quantile(0.99) or 0.0,
    Sort.RATE: lambda total, seconds, _: total.executions / seconds,
    Sort.ERRORS: lambda total, _, __: _share(total.errors, total.ended()),
    Sort.PER_OPERATION: lambda total, _, __: _share(total.executions, total.operations),
    Sort.LOAD: lambda total, seconds, _: total.seconds / seconds,
    Sort.NAME: lambda _, __, key: key,
}


def _of_row(row: ResolverRow, sort: Sort) -> float | Key:
    return _key(row) if sort is Sort.NAME else getattr(row, sort.value) or 0.0


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _row_part(key: Key, total: Total, line: list[float | None]) -> RowPart:
    counts = sorted(total.counts.items())
    return RowPart(*key, total.executions, total.operations, total.errors, total.seconds, counts, line)


def _row(key: Key, told: Sequence[tuple[RowPart, float]]) -> ResolverRow:
    """Of each process with the seconds that it tells of."""
    total = Total()
    for row, _ in told:
        total.add_all(Total(row.executions, row.operations, row.errors, row.seconds, dict(row.counts)))
    return ResolverRow(
        service=key[0],
        type_name=key[1],
        field=key[2],
        rate=sum(row.executions / seconds for row, seconds in told),
        per_operation=_share(total.executions, total.operations),
        errors=_share(total.errors, total.ended()),
        load=sum(row.seconds / seconds for row, seconds in told),
        p50=total.quantile(0.5),
        p95=total.quantile(0.95),
        p99=total.quantile(0.99),
        line=Line(_highest([row.line for row, _ in told])),
    )


def _highest(lines: Sequence[list[float | None]]) -> list[float | None]:
    """In each column."""
    if len(lines) == 1:
        return lines[0]
    columns = zip(*lines, strict=True)
    return [max((seconds for seconds in column if seconds is not None), default=None) for column in columns]


def _line(key: Key, frames: Sequence[Frame], width: float) -> list[float | None]:
    """The highest p95 of a look in each column; the last column is now's."""
    line: list[float | None] = [None] * COLUMNS
    if not frames:
        return line
    last = int(frames[-1].at // width)
    for frame in frames:
        delta = frame.resolvers.get(key)
        place = COLUMNS - 1 - (last - int(frame.at // width))
        if delta is not None and delta.p95 is not None and place >= 0:
            line[place] = max(line[place] or 0.0, delta.p95)
    return [None if seconds is None else float(f"{seconds:.3g}") for seconds in line]
