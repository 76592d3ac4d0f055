"""One process's part of the page, from what its recorder remembers. Takes milliseconds: for a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from infra.ops.ask import Ask, Number, Part
from infra.ops.growth import Key
from infra.ops.heat import added, row_of
from infra.ops.operation_times import OperationTimes
from infra.ops.recorder import Frame, Recorder, Sample
from infra.ops.slow import slow_operation
from infra.ops.table import column_seconds, resolver_rows, slow_resolvers, totals
from infra.ops.waterfall import parts_of
from infra.recent_traces import RecentTraces

__all__ = ["part_of", "window_of"]


def window_of(frames: Sequence[Frame], seconds: float) -> list[Frame]:
    """The last of them, so many seconds long; the newest at least."""
    if not frames:
        return []
    begin = frames[-1].at - seconds
    return [frame for frame in frames if frame.at > begin]


def part_of(recorder: Recorder, recent: RecentTraces, ask: Ask, times: OperationTimes | None = None) -> Part:
    """What this process knows of what was asked; ``times``: a gateway's."""
    frames = recorder.frames()
    window = window_of(frames, recorder.rules.window)
    width = column_seconds(recorder.rules.minutes)
    seconds = sum(frame.seconds for frame in window) or 1.0
    found = totals(frame.resolvers for frame in window)
    rows, total = resolver_rows(found, seconds, frames, ask, width)
    services = {key[0] for frame in frames for key in frame.resolvers}
    return Part(
        window_seconds=seconds,
        history_seconds=sum(frame.seconds for frame in frames),
        rows=rows,
        total=total,
        services=sorted(services),
        heat=_heat(frames, ask, width),
        counts=[_number(sample, value) for sample, value in _grown(window).items()],
        gauges=[_number(sample, value) for sample, value in recorder.gauges.items()],
        spans=parts_of(recent.spans_of(ask.trace)),
        slow=slow_resolvers(found, seconds),
        slowest=slow_operation(times, ask.operation) if times is not None else None,
    )


def _heat(frames: Sequence[Frame], ask: Ask, width: float) -> dict[int, list[int]]:
    columns: dict[int, list[list[int]]] = {}
    for frame in frames:
        columns.setdefault(int(frame.at // width), []).extend(_rows(frame, ask))
    return {number: rows for number, parts in columns.items() if (rows := added(parts))}


def _rows(frame: Frame, ask: Ask) -> list[list[int]]:
    if ask.resolver:
        service, _, rest = ask.resolver.partition(".")
        type_name, _, field = rest.partition(".")
        key: Key = (service, type_name, field)
        delta = frame.resolvers.get(key)
        return [row_of(delta)] if delta is not None else []
    return [list(rows) for service, rows in frame.heat.items() if ask.service in ("", service)]


def _grown(window: Sequence[Frame]) -> Mapping[Sample, float]:
    found: dict[Sample, float] = {}
    for frame in window:
        for sample, value in frame.counts.items():
            found[sample] = found.get(sample, 0.0) + value
    return found


def _number(sample: Sample, value: float) -> Number:
    return Number(sample[0], dict(sample[1]), value)
