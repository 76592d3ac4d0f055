"""The last minutes of one process, look by look, in bounded memory; taken in a thread, so that requests do not wait."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

from infra.ops.growth import Cell, Delta, Growth, Key
from infra.ops.heat import by_row
from infra.ops.rules import OpsRules

__all__ = ["Frame", "Readings", "Recorder", "Sample"]

_log = logging.getLogger("lets_connect.ops")

Sample: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
"""A number's name, and its labels."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Where numbers stand. Each is called in another thread than the event loop's."""

    resolvers: Callable[[], Mapping[Key, Cell]]
    operations: Callable[[], Mapping[Key, Cell]]
    fetches: Callable[[], Mapping[Key, Cell]]
    counts: Callable[[], Mapping[Sample, float]]
    """Those that only grow."""
    gauges: Callable[[], Mapping[Sample, float]]


@dataclass(frozen=True, slots=True)
class Frame:
    """What happened between two looks."""

    at: float
    """Seconds since 1970, at its end."""
    seconds: float
    resolvers: Mapping[Key, Delta]
    operations: Mapping[Key, Delta]
    fetches: Mapping[Key, Delta]
    counts: Mapping[Sample, float]
    heat: Mapping[str, Sequence[int]]
    """By service, how many resolvers' executions took how long (``heat.ROWS``)."""

    @property
    def cells(self) -> int:
        """What it takes of the memory there is."""
        return len(self.resolvers) + len(self.operations) + len(self.fetches)


def _taken(series: Growth) -> dict[Key, Delta]:
    """Nothing where that fails: the others are looked at all the same."""
    try:
        return series.take()
    except Exception:
        _log.exception("a series of the operators' page could not be looked at")
        return {}


class Recorder:
    """Looks every few seconds and keeps what it saw, the oldest given up first."""

    def __init__(self, readings: Readings, rules: OpsRules, clock: Callable[[], float] = time.time) -> None:
        self.rules = rules
        self.gauges: Mapping[Sample, float] = {}
        """As of the last look."""
        self._readings = readings
        self._clock = clock
        self._series = [Growth(read) for read in (readings.resolvers, readings.operations, readings.fetches)]
        self._frames: deque[Frame] = deque()
        self._cells = 0
        self._counts: Mapping[Sample, float] = {}
        self._last = clock()
        self._turn = asyncio.Event()

    def look(self) -> None:
        """Take one frame. For one thread at a time."""
        now = self._clock()
        resolvers, operations, fetches = (_taken(series) for series in self._series)
        counts = self._readings.counts()
        grown = {
            sample: value - self._counts.get(sample, 0.0)
            for sample, value in counts.items()
            if value > self._counts.get(sample, 0.0)
        }
        self.gauges = self._readings.gauges()
        seconds = max(now - self._last, 0.001)
        frame = Frame(now, seconds, resolvers, operations, fetches, grown, by_row(resolvers))
        self._counts, self._last = counts, now
        self._frames.append(frame)
        self._cells += frame.cells
        oldest = now - self.rules.minutes * 60
        while self._frames[0].at <= oldest or (self._cells > self.rules.cells and len(self._frames) > 1):
            self._cells -= self._frames.popleft().cells

    def now(self) -> float:
        """Seconds since 1970."""
        return self._clock()

    def frames(self) -> list[Frame]:
        """All that is remembered, oldest first."""
        return list(self._frames)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Recorder]:
        """Look until the end of the block. What was before counts for nothing: rates begin here."""
        await asyncio.to_thread(self.look)
        self._frames.clear()
        self._cells = 0
        task = asyncio.create_task(self._run(), name="ops.recorder")
        try:
            yield self
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def next(self) -> None:
        """Wait for the next look."""
        await self._turn.wait()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self.rules.seconds)
            try:
                await asyncio.to_thread(self.look)
            except Exception:
                _log.exception("a look for the operators' page failed")
            self._turn.set()
            self._turn = asyncio.Event()
