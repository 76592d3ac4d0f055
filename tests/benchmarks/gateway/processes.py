"""Processes that are measured: started on a core of their own, watched through /proc, ended as a whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

__all__ = ["NotReady", "Started", "pinned"]

_TICKS = os.sysconf("SC_CLK_TCK")
_SCHEDULED = 2
"""With it a process's number is its clock, as ``clock_getcpuclockid(3)`` gives it."""


class NotReady(Exception):
    """A process ended or did not answer in time; the message has the end of its log."""


def pinned(core: int | None, command: Sequence[str]) -> list[str]:
    """The command on one core, where there are several and a tool to choose one."""
    taskset = shutil.which("taskset")
    if core is None or taskset is None or core >= (os.cpu_count() or 1):
        return list(command)
    return [taskset, "-c", str(core), *command]


class Started:
    """A process with all its children."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path, cwd: Path) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                cwd=cwd,
                start_new_session=True,
            )

    def wait_for(self, port: int, body: bytes, seconds: float = 60.0) -> bytes:
        """The first good answer of a GraphQL endpoint. Raises NotReady."""
        ends = time.monotonic() + seconds
        headers = {"content-type": "application/json", "accept": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", body, headers)
        while True:
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - of this machine
                    given: bytes = answer.read()
                    return given
            except (OSError, urllib.error.URLError) as error:
                if self._process.poll() is not None or time.monotonic() > ends:
                    raise NotReady(f"{error}; {self.log_end()}") from error
            time.sleep(0.1)

    def log_end(self) -> str:
        """The last of what it said."""
        return " ".join(self._log.read_text(errors="replace")[-500:].split())

    def cpu_seconds(self) -> float:
        """User and system time of all processes, those that have ended included."""
        return sum(_cpu_seconds(pid) for pid in self._tree())

    def resident(self) -> int:
        """Bytes of the process, and what its children have for themselves."""
        first, *others = self._tree()
        held = _kilobytes(first, "smaps_rollup", "Rss")
        for pid in others:
            held += sum(_kilobytes(pid, "smaps_rollup", f"Private_{kind}") for kind in ("Clean", "Dirty"))
        return held * 1024

    def peak(self) -> int:
        """The most bytes that were resident since ``forget_peak``, of each process by itself."""
        return sum(_kilobytes(pid, "status", "VmHWM") for pid in self._tree()) * 1024

    def connections(self) -> int:
        """Sockets that are open, those that listen included."""
        files = (link for pid in self._tree() for link in Path(f"/proc/{pid}/fd").iterdir())
        return sum(link.readlink().name.startswith("socket:") for link in files)

    def forget_peak(self) -> None:
        """Let the peak be what is resident now."""
        for pid in self._tree():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def stop(self) -> None:
        """End all of it."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, sent)
                self._process.wait(timeout=10)
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue

    def _tree(self) -> Iterator[int]:
        waiting = [self._process.pid]
        while waiting:
            pid = waiting.pop()
            yield pid
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                waiting.extend(int(child) for child in task.read_text().split())


def _cpu_seconds(pid: int) -> float:
    """By the process's own clock, to the nanosecond; children that have ended are told in ticks alone."""
    own = time.clock_gettime(~pid << 3 | _SCHEDULED)
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return own + sum(int(value) for value in fields[13:15]) / _TICKS


def _kilobytes(pid: int, file: str, name: str) -> int:
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
