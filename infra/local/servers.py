"""The embedded servers of one HOME: started together, watched, stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.errors import CommandError
from infra.local.home import Home
from infra.local.postgres import PostgresServer
from infra.local.valkey import ValkeyServer

__all__ = ["LocalServers"]

log = logging.getLogger("lets_connect.local")


class LocalServers:
    """PostgreSQL and Valkey under HOME, or the one of them that is wanted.

    ``async with await LocalServers.start(home, domains) as servers: …``
    """

    def __init__(self, home: Home, *, postgres: PostgresServer | None, valkey: ValkeyServer | None) -> None:
        self._home = home
        self._postgres = postgres
        self._valkey = valkey
        self._owned = False
        self._watches: list[asyncio.Task[None]] = []

    @classmethod
    async def start(
        cls,
        home: Path,
        domains: Sequence[str],
        *,
        postgres: bool = True,
        valkey: bool = True,
        accounts: Sequence[str] | None = None,
    ) -> LocalServers:
        """Start them; returns once both answer. Raises CommandError in one clear line."""
        place = Home(home)
        place.lock()
        try:
            sockets = place.make_sockets()
            servers = cls(
                place,
                postgres=PostgresServer(place, sockets, accounts) if postgres else None,
                valkey=ValkeyServer(place, sockets) if valkey else None,
            )
        except BaseException:
            place.unlock()
            raise
        servers._owned = True
        await servers._start(domains)
        return servers

    @classmethod
    async def attach(
        cls, home: Path, domains: Sequence[str], *, postgres: bool = True, valkey: bool = True
    ) -> Self:
        """Those that another process has running; it keeps them. Raises CommandError where none does."""
        place = Home(home)
        if not place.locked:
            raise CommandError(f"nothing runs in {place.path}; start it with scripts/run")
        sockets = place.sockets()
        servers = cls(
            place,
            postgres=PostgresServer(place, sockets) if postgres else None,
            valkey=ValkeyServer(place, sockets) if valkey else None,
        )
        if servers._postgres is not None:
            await servers._postgres.provide(domains)
        return servers

    @classmethod
    async def open(
        cls, home: Path, domains: Sequence[str], *, postgres: bool = True, valkey: bool = True
    ) -> Self:
        """Attach where they run, else start them: what one-off commands want."""
        way = cls.attach if Home(home).locked else cls.start
        return await way(home, domains, postgres=postgres, valkey=valkey)  # type: ignore[return-value]

    @property
    def home(self) -> Path:
        return self._home.path

    def database_url(self, domain: str) -> str:
        """SQLAlchemy's URL (asyncpg) of a domain's own database."""
        if self._postgres is None:
            raise LookupError("PostgreSQL is not embedded here")
        return self._postgres.database_url(domain)

    @property
    def redis_url(self) -> str:
        """redis-py's URL."""
        if self._valkey is None:
            raise LookupError("Valkey is not embedded here")
        return self._valkey.url

    async def add_database(self, domain: str) -> str:
        """One more database with its role; the URL."""
        if self._postgres is None:
            raise LookupError("PostgreSQL is not embedded here")
        await self._postgres.provide([domain])
        return self._postgres.database_url(domain)

    async def stop(self) -> None:
        """Stop what this object started, and give HOME back. Harmless the second time."""
        if not self._owned:
            return
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        await asyncio.gather(*(server.stop() for server in self._servers()))
        self._home.remove_sockets()
        self._home.unlock()
        self._owned = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _servers(self) -> list[PostgresServer | ValkeyServer]:
        return [server for server in (self._postgres, self._valkey) if server is not None]

    async def _start(self, domains: Sequence[str]) -> None:
        starting = [asyncio.ensure_future(server.start()) for server in self._servers()]
        try:
            await asyncio.gather(*starting)
            if self._postgres is not None:
                await self._postgres.provide(domains)
        except BaseException:
            for task in starting:
                task.cancel()
            await asyncio.gather(*starting, return_exceptions=True)
            await self.stop()
            raise
        self._watches = [asyncio.create_task(_keep_running(server)) for server in self._servers()]


async def _keep_running(server: PostgresServer | ValkeyServer) -> None:
    """Start the server again where it ends unasked."""
    pause = 0.1
    while server.child is not None:
        status = await server.child.wait()
        log.error("%s in %s ended with status %s; starting it again", server.name, server.place, status)
        with contextlib.suppress(CommandError):
            await server.start()
            pause = 0.1
            continue
        await asyncio.sleep(pause)
        pause = min(pause * 2, 10.0)
