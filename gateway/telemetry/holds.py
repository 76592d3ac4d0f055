"""What held the event loop: where its thread stood, and whether it worked, collected garbage or waited.

A thread looks at the loop, and while that is late at the stack of its thread. What is told are seconds and places in code,
never a value.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

import prometheus_client
from prometheus_client import REGISTRY, CollectorRegistry

__all__ = ["LoopHolds"]

_log = logging.getLogger(__name__)
_CAUSES = ("work", "garbage", "processor", "other")
_DEEPEST = 6
_LINE_SECONDS = 10.0
_SETTLING_SECONDS = 2.0
"""In which what has just been loaded is set aside from the collector: that is no fault."""


@dataclass(frozen=True, slots=True)
class _Spent:
    """Seconds of the loop's thread, each since a moment of its own."""

    at: float
    work: float
    garbage: float
    processor: float
    """For which it waited for one."""

    def since(self, before: _Spent) -> dict[str, float]:
        """By cause. ``other`` is what is left: a call that blocks, or another thread that holds the interpreter."""
        work, garbage = self.work - before.work, self.garbage - before.garbage
        processor = self.processor - before.processor
        other = max(0.0, self.at - before.at - work - garbage - processor)
        return dict(zip(_CAUSES, (work, garbage, processor, other), strict=True))


class LoopHolds:
    """``event_loop_held_seconds_total`` by ``cause``, and a line of log, at most one in ten seconds, where it stood."""

    def __init__(
        self,
        registry: CollectorRegistry = REGISTRY,
        *,
        over: float,
        line_seconds: float = _LINE_SECONDS,
        settling_seconds: float = _SETTLING_SECONDS,
    ) -> None:
        """``over``: seconds, from which on it is told of; 0: never."""
        self._over = over
        self._every = over / 2
        self._line_seconds = line_seconds
        self._settling_seconds = settling_seconds
        self._next_line = 0.0
        self._untold = 0
        self._held = prometheus_client.Counter(
            "event_loop_held_seconds",
            "Seconds for which the event loop was held too long, by what its thread did",
            ["cause"],
            registry=registry,
        )

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Look at the running loop until the end of the block."""
        if not self._over:
            yield
            return
        with _Heart(self._every) as heart:
            ended = threading.Event()
            watching = threading.Thread(
                target=self._watch, args=(heart, ended), name="loop-holds", daemon=True
            )
            watching.start()
            try:
                yield
            finally:
                ended.set()
                watching.join()

    def _watch(self, heart: _Heart, ended: threading.Event) -> None:
        ended.wait(self._settling_seconds)
        while not ended.wait(self._every):
            before, places = heart.last, Counter[str]()
            while time.monotonic() - before.at > self._every + self._over and heart.last is before:
                places[heart.place()] += 1
                if ended.wait(self._every):
                    return
            if places:
                self._tell(heart.last.since(before), places.most_common(1)[0][0])

    def _tell(self, seconds: dict[str, float], place: str) -> None:
        for cause, value in seconds.items():
            self._held.labels(cause).inc(value)
        now = time.monotonic()
        if now < self._next_line:
            self._untold += 1
            return
        _log.warning(
            "the event loop was held for %.0f ms (%s) at %s%s",
            sum(seconds.values()) * 1000,
            ", ".join(f"{cause} {value * 1000:.0f}" for cause, value in seconds.items()),
            place,
            f"; {self._untold} times more since the line before" if self._untold else "",
        )
        self._untold, self._next_line = 0, now + self._line_seconds


class _Heart:
    """Beats as long as its loop does: what the loop's thread had spent by then is ``last``."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._queue = _opened(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._garbage = self._collecting = 0.0
        self._next: asyncio.TimerHandle
        self.last: _Spent

    def __enter__(self) -> _Heart:
        gc.callbacks.append(self._collect)
        self._beat()
        return self

    def __exit__(self, *_: object) -> None:
        self._next.cancel()
        gc.callbacks.remove(self._collect)
        if self._queue is not None:
            os.close(self._queue)

    def place(self) -> str:
        """Where the loop's thread is now, from within outwards."""
        frame = sys._current_frames().get(self._thread)
        return " < ".join(_places(frame)) or "no code"

    def _beat(self) -> None:
        self.last = _Spent(
            time.monotonic(), time.thread_time() - self._garbage, self._garbage, self._queued()
        )
        self._next = self._loop.call_later(self._every, self._beat)

    def _queued(self) -> float:
        """Seconds for which the thread could have run and had no processor: Linux' schedstat has them second, in ns."""
        return 0.0 if self._queue is None else int(os.pread(self._queue, 128, 0).split()[1]) / 1e9

    def _collect(self, phase: str, info: object) -> None:
        if threading.get_ident() != self._thread:
            return
        if phase == "start":
            self._collecting = time.thread_time()
        else:
            self._garbage += time.thread_time() - self._collecting


def _opened(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def _places(frame: FrameType | None) -> Iterator[str]:
    for _ in range(_DEEPEST):
        if frame is None:
            return
        code = frame.f_code
        yield f"{code.co_qualname} ({code.co_filename.rpartition('/')[2]}:{frame.f_lineno})"
        frame = frame.f_back
