"""Child processes that end with their parent, and the search for those that outlived one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

__all__ = ["Child", "end_processes", "processes_naming", "server_environment", "tail"]

_LAUNCHER = Path(__file__).with_name("launch.py")
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH")


@dataclass(slots=True)
class Child:
    """A running program, in a session of its own so that the terminal's Ctrl-C reaches the parent alone."""

    name: str
    process: asyncio.subprocess.Process
    stop_signals: tuple[tuple[signal.Signals, float], ...]
    """What to send, and how many seconds to wait for the end; SIGKILL follows."""

    @classmethod
    async def start(
        cls,
        name: str,
        command: Sequence[str],
        *,
        log: IO[bytes] | None = None,
        account: str = "same",
        environment: Mapping[str, str] | None = None,
        stop_signals: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0),),
    ) -> Child:
        """Start it. Where the parent dies, however, the kernel sends the first of ``stop_signals``."""
        launcher = [
            sys.executable,
            "-IS",
            str(_LAUNCHER),
            str(os.getpid()),
            str(int(stop_signals[0][0])),
            account,
        ]
        process = await asyncio.create_subprocess_exec(
            *launcher,
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log and asyncio.subprocess.STDOUT,
            env=server_environment() if environment is None else environment,
            start_new_session=True,
        )
        return cls(name, process, stop_signals)

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    async def wait(self) -> int:
        """Its exit status; negative: the signal that ended it."""
        return await self.process.wait()

    async def finish(self) -> int:
        """Wait for the end of what ends by itself; stop it where the waiting is given up."""
        try:
            return await self.process.wait()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Ask, wait, insist. Returns once it is gone."""
        for number, seconds in self.stop_signals:
            self._send(number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), seconds)
                return
        self._send(signal.SIGKILL)
        await self.process.wait()

    def _send(self, number: signal.Signals) -> None:
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)


def server_environment() -> dict[str, str]:
    """What a server needs of our environment: no secret of ours is in it."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


def processes_naming(mark: str) -> list[int]:
    """The processes with ``mark`` in their command line; the dead that nobody has collected have none."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if mark.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


async def end_processes(mark: str, signals: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Stop what an earlier run left under ``mark``; False where something of it cannot be stopped."""
    for number, seconds in (*signals, (signal.SIGKILL, 60.0)):
        left = processes_naming(mark)
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        deadline = asyncio.get_running_loop().time() + seconds
        while left and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)
            left = processes_naming(mark)
        if not left:
            return True
    return False


def tail(path: Path, lines: int = 6) -> str:
    """The last lines of a log, on one line."""
    with contextlib.suppress(OSError):
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 4096))
            text = file.read().decode(errors="replace")
        return " | ".join(line.strip() for line in text.splitlines()[-lines:] if line.strip())
    return ""
