"""Bodies on their way: sent as they are produced, decompressed within bounds."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

from gateway.transport.http1.connection import Connection, Exchange
from gateway.transport.http1.failures import BadResponse, HttpFailure, Interrupted, TooLarge

__all__ = ["decoded", "send_body"]


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
    sent = 0
    async for chunk in body:
        if not chunk:
            continue
        sent += len(chunk)
        if length is not None and sent > length:
            raise Interrupted("the request is longer than it said")
        await connection.send(chunk if length is not None else b"%x\r\n%b\r\n" % (len(chunk), chunk))
    if length is None:
        await connection.send(b"0\r\n\r\n")
    elif sent < length:
        raise Interrupted("the request ended early")


def decoded(body: bytes, coding: bytes, most: int) -> bytes:
    """The body without its content coding; raises BadResponse, or TooLarge past ``most`` bytes."""
    name = coding.strip().lower()
    if name == b"identity":
        return body
    if name not in (b"gzip", b"x-gzip", b"deflate"):
        raise BadResponse("it answered in an unknown encoding")
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        plain = decoder.decompress(body, most + 1)
    except zlib.error as error:
        raise BadResponse("its answer cannot be decompressed") from error
    if len(plain) > most:
        raise TooLarge("its answer is too large")
    if not decoder.eof:
        raise BadResponse("its answer cannot be decompressed")
    return plain
