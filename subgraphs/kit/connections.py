"""Connections for reads: opened when they are needed, each for one statement at a time, kept for the next.

asyncpg's own pool makes a proxy, a task and a reset for each use, which together cost what a read by key
does. A read changes nothing of its connection, so there is nothing to reset.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import msgspec
from sqlalchemy.engine import URL

__all__ = ["Connections"]

_CONNECTING = 10.0


class Connections:
    """At most ``most``; who finds all of them in use waits ``patience`` seconds, then gets TimeoutError."""

    def __init__(self, url: URL, most: int, patience: float) -> None:
        self._options = {**url.translate_connect_args(username="user"), **url.query}
        self._free = asyncio.Semaphore(most)
        self.most = most
        self.used = 0
        self.waiting = 0
        """Who found all of them in use."""
        self._patience = patience
        self._idle: list[asyncpg.Connection] = []
        self._closed = False

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """The statement's records; where its connection turns out to be lost, it is sent once more."""
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
        while self._idle:
            await self._idle.pop().close()

    async def _attempt(self, sql: str, arguments: Sequence[Any], *, again: bool = True) -> list[Any]:
        connection = await self._connection()
        try:
            # After a cancelled statement, asyncpg waits for the server to be done with it.
            records: list[Any] = await connection.fetch(sql, *arguments)
            return records
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            if again and connection.is_closed():
                return await self._attempt(sql, arguments, again=False)
            raise
        finally:
            if self._closed:
                await connection.close()
            elif not connection.is_closed():
                self._idle.append(connection)

    async def _connection(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        connection = await asyncpg.connect(**self._options, timeout=_CONNECTING)
        await connection.set_type_codec(
            "jsonb",
            schema="pg_catalog",
            format="binary",
            encoder=lambda value: b"\1" + msgspec.json.encode(value),
            decoder=lambda data: msgspec.json.decode(data[1:]),
        )
        return connection
