"""Opening a connection: over TLS the server chooses the protocol, in clear text it is known before."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import TypeAlias, cast

from gateway.transport.http.client import Limits, Origin
from gateway.transport.http.failures import ConnectFailed, TimedOut
from gateway.transport.http.http1 import Connection
from gateway.transport.http.http2.connection import Http2Connection, Owner

__all__ = ["Adopt", "Declined", "open_connection"]

Adopt: TypeAlias = Callable[[Connection], None]
"""Takes a connection on which the server chose HTTP/1.1."""


class Declined(ConnectFailed):
    """The server did not choose HTTP/2."""


class _Handshake(asyncio.Protocol):
    """Hands the connection to the protocol that was chosen, before the first byte of it comes."""

    def __init__(self, make: Callable[[bool], asyncio.Protocol]) -> None:
        self._make = make
        self.chosen: asyncio.Protocol | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        tls = transport.get_extra_info("ssl_object")
        self.chosen = self._make(tls is None or tls.selected_alpn_protocol() == "h2")
        cast("asyncio.Transport", transport).set_protocol(self.chosen)
        self.chosen.connection_made(transport)


async def open_connection(
    origin: Origin, limits: Limits, tls: ssl.SSLContext | None, owner: Owner, adopt: Adopt
) -> Http2Connection:
    """A connection on which the peer speaks HTTP/2; raises HttpFailure, and Declined after ``adopt`` got it."""
    loop = asyncio.get_running_loop()

    def make(http2: bool) -> asyncio.Protocol:
        return Http2Connection(loop, limits, owner) if http2 else Connection(loop)

    handshake = _Handshake(make)
    try:
        async with asyncio.timeout(limits.connect_seconds):
            await loop.create_connection(lambda: handshake, origin.host, origin.port, ssl=tls)
            chosen = handshake.chosen
            if isinstance(chosen, Connection):
                adopt(chosen)
                raise Declined("it no longer speaks HTTP/2")
            connection = cast("Http2Connection", chosen)
            try:
                await connection.established()
            except BaseException:
                connection.abort()
                raise
            return connection
    except TimeoutError as error:
        raise TimedOut("no connection in time") from error
    except OSError as error:
        raise ConnectFailed("no connection") from error
