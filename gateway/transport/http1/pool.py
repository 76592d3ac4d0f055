"""Connections to one origin: reused, limited, queued for."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit

from gateway.transport.http1.connection import Connection
from gateway.transport.http1.failures import ConnectFailed, Overloaded, TimedOut

__all__ = ["Limits", "Origin", "Pool"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a client; seconds and bytes. ``total_seconds`` is for a whole request, queueing included."""

    connections: int = 100
    waiting: int = 1000
    connect_seconds: float = 5.0
    total_seconds: float = 30.0
    upload_seconds: float = 600.0
    idle_seconds: float = 30.0
    answer_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a server is."""

    host: str
    port: int
    tls: bool

    @classmethod
    def of(cls, url: str) -> Origin:
        """The origin of an http(s) URL; raises ValueError on any other."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("A subgraph's URL begins with http:// or https:// and names a host")
        tls = parts.scheme == "https"
        return cls(parts.hostname, parts.port or (443 if tls else 80), tls)

    def authority(self) -> str:
        """The value of a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


class Pool:
    """Hands out connections, the most recently used first."""

    def __init__(self, origin: Origin, limits: Limits, tls: ssl.SSLContext | None) -> None:
        self.origin = origin
        self._limits = limits
        self._tls = (tls or ssl.create_default_context()) if origin.tls else None
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()
        self._connecting = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
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
            await self._wait()

    def take_idle(self) -> Connection | None:
        """A connection that is open and idle, the last used first; None where there is none."""
        oldest = asyncio.get_running_loop().time() - self._limits.idle_seconds
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
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        else:
            self._drop(connection)
        self._wake_one()

    def close(self) -> None:
        """Close everything; exchanges under way fail."""
        self._closed = True
        for connection in list(self._open):
            self._drop(connection)
        self._idle.clear()
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    def _drop(self, connection: Connection) -> None:
        self._open.discard(connection)
        connection.abort()

    async def _wait(self) -> None:
        if len(self._waiting) >= self._limits.waiting:
            raise Overloaded("too many requests wait for it")
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._wake_one()  # the turn was given to a request that has gone
            raise
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def _wake_one(self) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        self._connecting += 1
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                _, connection = await loop.create_connection(
                    lambda: Connection(loop), self.origin.host, self.origin.port, ssl=self._tls
                )
        except BaseException as error:
            self._wake_one()
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
