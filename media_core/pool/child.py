"""One worker process, seen from its parent."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from media_core.errors import PoolUnavailable
from media_core.pool.wire import Message, receive, send_shared

__all__ = ["Child", "ChildLost"]

_START_SECONDS = 30.0
_GRACE_SECONDS = 1.0
_NICENESS = 10
"""A tenth of a processor beside a thread that answers requests, all of it while there is none."""
_SESSION_NICENESS = 5
"""Beside other sessions: the database's and the cache's, but also those of whatever else is busy on the machine. At ten a worker
that had three such beside it on two processors took half a minute to start."""
_AUTOGROUP_TRIES, _AUTOGROUP_APART = 10, 0.1
_ROOT = str(Path(__file__).resolve().parents[2])

_ENVIRONMENT = {
    # No secret of the server's environment comes near a decoder.
    "PYTHONPATH": _ROOT,
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    # Whole pictures in huge pages: a twentieth of the CPU goes into page faults otherwise.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


class ChildLost(Exception):
    """The process is gone. ``signal`` ended it (0: it left by itself); ``overdue`` when it was we who killed it."""

    def __init__(self, signal_: int, *, overdue: bool = False) -> None:
        super().__init__(f"worker lost by signal {signal_}")
        self.signal = signal_
        self.overdue = overdue


class Child:
    """Start it and keep it on one thread: the kernel kills it when the thread that started it ends."""

    def __init__(self, memory: int) -> None:
        ours, theirs = socket.socketpair()
        self._channel = ours
        numbers = [str(number) for number in (theirs.fileno(), os.getpid(), memory, _NICENESS)]
        command = [*_unhurried(), sys.executable, "-m", "media_core.worker", *numbers]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,  # which can be unhurried as a whole
            )
        except OSError as error:
            ours.close()
            raise PoolUnavailable(f"no image worker could be started: {error}") from error
        finally:
            theirs.close()
        _unhurry_session(self._process.pid)
        try:
            receive(ours, _Deadline(_START_SECONDS))
        except (EOFError, OSError) as error:
            code = self.kill()
            raise PoolUnavailable(f"an image worker ended as it started (exit {code})") from error

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it was still there a moment ago."""
        return self._process.poll() is None

    def run(
        self,
        head: dict[str, Any],
        blobs: list[bytes],
        seconds: float,
        told: Callable[[str], None] | None = None,
    ) -> Message:
        """One job, ``told`` hearing of its stages; raises :class:`ChildLost`, after which this object is spent."""
        deadline = _Deadline(seconds + _GRACE_SECONDS)
        try:
            send_shared(self._channel, head, blobs, deadline)
            while "progress" in (message := receive(self._channel, deadline))[0]:
                if told is not None:
                    told(message[0]["progress"])
            return message
        except TimeoutError:
            self.kill()
            raise ChildLost(signal.SIGKILL, overdue=True) from None
        except (EOFError, OSError, ValueError):
            code = self._ended()
            raise ChildLost(-code if code < 0 else 0) from None

    def kill(self) -> int:
        """Ends it at once; returns its exit code."""
        if self._process.poll() is None:
            self._process.kill()
        return self._ended()

    def stop(self) -> None:
        """From another thread: ends it, and leaves the rest to its owner, who notices."""
        self._process.kill()

    def _ended(self) -> int:
        self._channel.close()
        try:
            return self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def disown(self) -> None:
        """In a forked child: let go of the channel, so that only the parent holds the worker."""
        self._channel.close()


def _unhurried() -> list[str]:
    """Before the worker can see to it itself: an interpreter that starts holds up requests as well."""
    nice = shutil.which("nice")
    return [nice, "-n", str(_NICENESS)] if nice else []


def _unhurry_session(leader: int) -> None:
    """Where Linux groups tasks by session (``sched_autogroup_enabled``) niceness counts within a session alone, and the database
    and the cache have sessions of their own: they waited for workers, that yield to the loop, up to a twentieth of a second."""
    autogroup = Path(f"/proc/{leader}/autogroup")
    with suppress(OSError):  # no such groups here, or it is gone
        for _ in range(_AUTOGROUP_TRIES):
            with suppress(BlockingIOError):  # ten times a second for all of the machine
                autogroup.write_text(str(_SESSION_NICENESS))
                return
            time.sleep(_AUTOGROUP_APART)


class _Deadline:
    """Seconds left, never quite none, so that a timeout is raised rather than a non-blocking socket made."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def __call__(self) -> float:
        return max(0.001, self._end - time.monotonic())
