"""Memory of a process and all its descendants, looked at while something runs.

Their anonymous pages, by the kernel's counters: what forks share is counted in each. To ask for shares instead (``smaps_rollup``)
stops the process, for a tenth of a second where the one who asks has to wait for a processor.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType

__all__ = ["Memory"]

_NICENESS = 10
"""To walk through all processes takes milliseconds, which are not the product's."""


class Memory:
    """``peak`` bytes, sampled twice a second by a thread."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    @property
    def now(self) -> int:
        """Bytes at this moment."""
        return sum(_anonymous(pid) for pid in _descendants(self._pid))

    def _watch(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while not self._done.wait(0.5):
            self.peak = max(self.peak, self.now)


def _descendants(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(stat[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _anonymous(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("RssAnon:")), 0)
