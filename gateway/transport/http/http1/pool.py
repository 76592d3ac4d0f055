"""Connections to one origin: reused, limited, queued for."""

from __future__ import annotations

import asyncio
import ssl
import time

from gateway.transport.http.client import Limits, Origin
from gateway.transport.http.failures import ConnectFailed, TimedOut
from gateway.transport.http.http1.connection import Connection
from gateway.transport.http.turns import Turns

__all__ = ["Pool"]


class Pool:
    """Hands out connections, the most recently used first."""

    def __init__(self, origin: Origin, limits: Limits, tls: ssl.SSLContext | None) -> None:
        self.origin = origin
        self._limits = limits
        self._tls = (tls or ssl.create_default_context()) if origin.tls else None
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()
        self._connecting = 0
        self._turns = Turns(limits.waiting)
        self._closed = False

    async def acquire(self, *, fresh: bool = False) -> Connection:
        """A connection nobody else uses; with ``fresh`` one that has carried no request yet."""
        while True:
            connection = None if fresh else self.take_idle()
            if connection is not None:
                return connection
            if self._closed:
                raise ConnectFailed("the client is closed")
            if len(self._open) + self._connecting >= self._limits.connections and self._idle:
                self._drop(self._idle.pop(0))
            if len(self._open) + self._connecting < self._limits.connections:
                return await self._connect()
            await self._turns.wait()

    def take_idle(self) -> Connection | None:
        """A connection that is open and idle, the last used first; None where there is none."""
        oldest = time.monotonic() - self._limits.idle_seconds
        while self._idle:
            connection = self._idle.pop()
            if not connection.closed and connection.idle_since >= oldest:
                return connection
            self._drop(connection)
        return None

    def release(self, connection: Connection) -> None:
        """Take a connection back: kept where it can be reused, closed otherwise."""
        if connection.reusable() and not self._closed:
            connection.resume()
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
        else:
            self._drop(connection)
        self._turns.wake_one()

    def adopt(self, connection: Connection) -> None:
        """Take in an open connection to the origin that somebody else made."""
        connection.idle_since = time.monotonic()
        self._open.add(connection)
        self._idle.append(connection)
        self._turns.wake_one()

    @property
    def connected(self) -> bool:
        """Whether a connection is open."""
        return any(not connection.closed for connection in self._open)

    def close(self) -> None:
        """Close everything; exchanges under way fail."""
        self._closed = True
        for connection in list(self._open):
            self._drop(connection)
        self._idle.clear()
        self._turns.wake_all()

    def _drop(self, connection: Connection) -> None:
        self._open.discard(connection)
        connection.abort()

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        self._connecting += 1
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                _, connection = await loop.create_connection(
                    lambda: Connection(loop), self.origin.host, self.origin.port, ssl=self._tls
                )
        except BaseException as error:
            self._turns.wake_one()
            if isinstance(error, TimeoutError):
                raise TimedOut("no connection in time") from error
            if isinstance(error, OSError):
                raise ConnectFailed("no connection") from error
            raise
        finally:
            self._connecting -= 1
        if self._closed:
            connection.abort()
            raise ConnectFailed("the client is closed")
        self._open.add(connection)
        return connection
