"""The few connections to one origin: opened when there is no room, left when they drain, queued for."""

from __future__ import annotations

import asyncio
import ssl

from gateway.transport.http.client import Limits, Origin
from gateway.transport.http.failures import ConnectFailed, HttpFailure
from gateway.transport.http.http2.connection import Http2Connection, Owner
from gateway.transport.http.http2.opening import Adopt, open_connection
from gateway.transport.http.turns import Turns

__all__ = ["Connections"]


class Connections(Owner):
    """Hands out connections that have room for a stream. At most one is being opened at a time."""

    def __init__(self, origin: Origin, limits: Limits, tls: ssl.SSLContext | None, adopt: Adopt) -> None:
        self._origin = origin
        self._limits = limits
        self._tls = tls
        self._adopt = adopt
        self._open: list[Http2Connection] = []
        self._opening: asyncio.Task[None] | None = None
        self._turns = Turns(limits.waiting)
        self._closed = False

    @property
    def connected(self) -> bool:
        """Whether a connection takes streams, now or when others are over."""
        return any(not one.draining for one in self._open)

    async def connect(self) -> None:
        """Open the first connection, where there is none; raises HttpFailure."""
        while not self.connected:
            await self._grow()

    async def acquire(self, *, sure: bool) -> Http2Connection:
        """A connection with room, to be used at once; raises HttpFailure. With ``sure`` its peer is there still."""
        while True:
            connection = self._roomy()
            if connection is None:
                await self._more()
            elif not sure or (await connection.prove() and connection.room() > 0):
                return connection

    def close(self) -> None:
        """Close everything; streams under way fail."""
        self._closed = True
        if self._opening is not None:
            self._opening.cancel()
        for connection in list(self._open):
            connection.close()
        self._turns.wake_all()

    def place_free(self) -> None:
        self._turns.wake_one()

    def changed(self, connection: Http2Connection) -> None:
        if connection.closed and connection in self._open:
            self._open.remove(connection)
        self._turns.wake_all()

    def _roomy(self) -> Http2Connection | None:
        oldest = asyncio.get_running_loop().time() - self._limits.idle_seconds
        for connection in list(self._open):
            if connection.idle and connection.idle_since <= oldest:
                connection.close()
            elif connection.room() > 0:
                return connection
        return None

    async def _more(self) -> None:
        """Until there may be room."""
        taking = sum(not one.draining for one in self._open)
        if self._opening is None and (
            taking >= self._limits.multiplexed or len(self._open) >= self._limits.connections
        ):
            await self._turns.wait()
            return
        try:
            await self._grow()
        except HttpFailure:
            if self._closed or not self.connected:
                raise
            await self._turns.wait()

    async def _grow(self) -> None:
        if self._closed:
            raise ConnectFailed("the client is closed")
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(self._open_one())
            self._opening.add_done_callback(self._opened)
        opening = self._opening
        await asyncio.wait([opening])
        if opening.cancelled():
            raise ConnectFailed("the client is closed")
        opening.result()

    async def _open_one(self) -> None:
        connection = await open_connection(self._origin, self._limits, self._tls, self, self._adopt)
        if connection.draining or connection.closed:
            raise ConnectFailed("it closed the connection at once")
        self._open.append(connection)

    def _opened(self, opening: asyncio.Task[None]) -> None:
        self._opening = None
        if not opening.cancelled():
            opening.exception()  # whoever waited has it; nobody may have
        self._turns.wake_all()
