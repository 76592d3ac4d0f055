"""How long a process' main thread worked, and waited for a processor, looked at while something runs."""

from __future__ import annotations

import bisect
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

__all__ = ["Waited", "Waits"]

_EVERY = 0.01


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds within a span of time."""

    worked: float
    waited: float


class Waits:
    """Samples Linux' ``schedstat`` a hundred times a second by a thread."""

    def __init__(self, pid: int) -> None:
        self._path = Path(f"/proc/{pid}/task/{pid}/schedstat")
        self._at: list[float] = []
        self._spent: list[tuple[float, float]] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Waits:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def between(self, began: float, ended: float) -> Waited:
        """Of ``time.monotonic``, to within a sample."""
        first = max(0, bisect.bisect_right(self._at, began) - 1)
        last = min(len(self._at) - 1, bisect.bisect_left(self._at, ended))
        (worked, waited), (worked_later, waited_later) = self._spent[first], self._spent[last]
        return Waited(worked_later - worked, waited_later - waited)

    def _watch(self) -> None:
        while not self._done.wait(_EVERY):
            worked, waited, _ = self._path.read_text().split()
            self._at.append(time.monotonic())
            self._spent.append((int(worked) / 1e9, int(waited) / 1e9))
