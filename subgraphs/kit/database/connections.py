"""Connections for reads: opened when they are needed, each for one statement at a time, kept for the next.

asyncpg's own pool makes a proxy, a task and a reset for each use, which together cost what a read by key
does. A read changes nothing of its connection, so there is nothing to reset.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import asyncpg
import msgspec
from sqlalchemy.engine import URL

__all__ = ["UNPREPARED", "Connections"]

UNPREPARED: Mapping[str, Any] = MappingProxyType(
    {"statement_cache_size": 0, "prepared_statement_cache_size": 0, "prepared_statement_name_func": str}
)
"""For SQLAlchemy's engine (``connect_args``): nothing of a statement outlives it at the server."""

_CONNECTING = 10.0

_GOODBYES = (
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleSessionTimeoutError,
    asyncpg.InternalClientError,  # what asyncpg answers while it awaits what follows such an error
)


class Connections:
    """At most ``most``; who finds all of them in use waits ``patience`` seconds, then gets TimeoutError.

    What is urgent does not wait, and may have one more. ``pooled``: between us and the server is a pooler that may give
    each transaction another connection of its own; so each read is one, and nothing is prepared.
    """

    def __init__(self, url: URL, most: int, patience: float, *, pooled: bool = False) -> None:
        self._pooled = pooled
        self._options = {**url.translate_connect_args(username="user"), **url.query}
        self._free = asyncio.Semaphore(most)
        self.most = most
        self.used = 0
        self.waiting = 0
        """Who found all of them in use."""
        self._patience = patience
        self._idle: list[asyncpg.Connection] = []
        self._closed = False

    async def fetch(
        self, sql: str, arguments: Sequence[Any], *, urgent: bool = False
    ) -> list[asyncpg.Record]:
        """The statement's records; where its connection turns out to be lost, it is sent once more."""
        if urgent:
            return await self._attempt(sql, arguments)
        if self._free.locked():
            self.waiting += 1
            try:
                async with asyncio.timeout(self._patience):
                    await self._free.acquire()
            finally:
                self.waiting -= 1
        else:
            await self._free.acquire()
        self.used += 1
        try:
            return await self._attempt(sql, arguments)
        finally:
            self.used -= 1
            self._free.release()

    @property
    def idle(self) -> int:
        """Connections that wait for a statement."""
        return len(self._idle)

    async def close(self) -> None:
        """Close those that are idle; the others are closed when they have answered."""
        self._closed = True
        try:
            while self._idle:
                await self._idle.pop().close()
        finally:  # also where whoever closes them is told to hurry
            for connection in self._idle:
                connection.terminate()

    async def _attempt(self, sql: str, arguments: Sequence[Any], *, again: bool = True) -> list[Any]:
        # The second time on one just made: a server that was restarted has ended all that were idle.
        connection = (self._last() if again else None) or await self._connect()
        try:
            # After a cancelled statement, asyncpg waits for the server to be done with it.
            records: list[Any]
            if self._pooled:
                async with connection.transaction():
                    records = await connection.fetch(sql, *arguments)
            else:
                records = await connection.fetch(sql, *arguments)
            return records
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            if isinstance(error, _GOODBYES):
                # The server's last word has come, and the end of the connection perhaps not yet.
                connection.terminate()
            if again and connection.is_closed():
                return await self._attempt(sql, arguments, again=False)
            raise
        finally:
            if self._closed:
                await connection.close()
            elif not connection.is_closed():
                self._idle.append(connection)

    def _last(self) -> asyncpg.Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return None

    async def _connect(self) -> asyncpg.Connection:
        prepared = {"statement_cache_size": 0} if self._pooled else {}
        connection = await asyncpg.connect(**self._options, **prepared, timeout=_CONNECTING)
        try:
            await self._prepare(connection)
        except BaseException:  # whoever reads may have left meanwhile: nobody else knows of this connection
            connection.terminate()
            raise
        return connection

    async def _prepare(self, connection: asyncpg.Connection) -> None:
        if not self._pooled:
            # A read's text never depends on its values: planning it anew for each took half of the database's time.
            await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.set_type_codec(
            "jsonb",
            schema="pg_catalog",
            format="binary",
            encoder=lambda value: b"\1" + msgspec.json.encode(value),
            decoder=lambda data: msgspec.json.decode(data[1:]),
        )
