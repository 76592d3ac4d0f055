"""Requests' bodies, sent as they are produced."""

from __future__ import annotations

from collections.abc import AsyncIterator

from gateway.transport.http.exchange import Exchange
from gateway.transport.http.failures import HttpFailure, Interrupted
from gateway.transport.http.http1.connection import Connection
from gateway.transport.http.measured import measured

__all__ = ["send_body"]


async def send_body(
    connection: Connection, exchange: Exchange, body: AsyncIterator[bytes], length: int | None
) -> None:
    """Send ``body``, chunked where its length is not known; what it raises fails the exchange."""
    try:
        await _send(connection, body, length)
    except HttpFailure as error:
        exchange.fail(error)
        connection.abort()
    except Exception as error:
        failure = Interrupted("the request ended early")
        failure.__cause__ = error
        exchange.fail(failure)
        connection.abort()


async def _send(connection: Connection, body: AsyncIterator[bytes], length: int | None) -> None:
    async for chunk in measured(body, length):
        await connection.send(chunk if length is not None else b"%x\r\n%b\r\n" % (len(chunk), chunk))
    if length is None:
        await connection.send(b"0\r\n\r\n")
