"""One HTTP/1.1 connection: httptools' callbacks on an asyncio protocol, one exchange at a time."""

from __future__ import annotations

import asyncio
from typing import cast

import httptools

from gateway.transport.http.exchange import Exchange
from gateway.transport.http.failures import BadResponse, HttpFailure, Interrupted, TooLarge

__all__ = ["Connection"]

_HIGH_WATER = 256 * 1024
_MAX_HEAD_BYTES = 64 * 1024


class Connection(asyncio.Protocol):
    """A connection to one origin; ``reusable`` once an exchange is over tells whether it can serve another."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._exchange: Exchange | None = None
        self._ended: Exchange | None = None
        self._writable: asyncio.Future[None] | None = None
        self._paused_reading = False
        self._keep_alive = False
        self._head_bytes = 0
        self.closed = False
        self.used = 0
        self.idle_since = 0.0

    # What the pool and the client call.

    def begin(self, exchange: Exchange, head: bytes) -> None:
        """Send a request's head (and body, where it is whole), and hand its answer to ``exchange``."""
        assert self._transport is not None  # noqa: S101
        self._exchange = exchange
        self._head_bytes = 0
        self.used += 1
        if self.closed or self._transport.is_closing():
            exchange.fail(Interrupted("the connection was closed", untouched=True))
            return
        self._transport.write(head)

    async def send(self, data: bytes) -> None:
        """Send more of the body, waiting while the peer does not take it."""
        if self.closed or self._transport is None:
            raise Interrupted("the connection was closed")
        self._transport.write(data)
        if self._writable is not None:
            await asyncio.shield(self._writable)

    def resume(self) -> None:
        """The reader has room again."""
        if self._paused_reading and self._transport is not None and not self.closed:
            self._paused_reading = False
            self._transport.resume_reading()

    def reusable(self) -> bool:
        """Whether another request can be sent, the last exchange having ended well."""
        ended = self._exchange is None or (self._exchange.done and self._exchange.error is None)
        return ended and self._keep_alive and not self.closed

    def abort(self) -> None:
        """Close at once, whatever is under way."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no subclass

    def data_received(self, data: bytes) -> None:
        exchange = self._exchange
        if exchange is None or exchange.done:
            self.abort()  # nobody asked: what follows could be taken for the next answer
            return
        exchange.touched = True
        if not exchange.has_head:
            self._head_bytes += len(data)
            if self._head_bytes > _MAX_HEAD_BYTES + len(data):
                self._break(TooLarge("its headers are too large"))
                return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._break(BadResponse("it answered in another protocol"))
        except httptools.HttpParserError:
            self._break(BadResponse("it did not answer in HTTP"))
        if self._ended is not None:
            self._ended = None
            exchange.done = exchange.error is None
        exchange.wake()  # once for all that came together

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self._release_writer()
        exchange = self._exchange
        if exchange is None or exchange.done:
            return
        if exc is None and exchange.has_head and self._ends_with_connection(exchange):
            exchange.done = exchange.error is None
            exchange.wake()
        else:
            exchange.fail(Interrupted("the connection was closed", untouched=not exchange.touched))

    def pause_writing(self) -> None:
        self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        self._release_writer()

    # httptools

    def on_message_begin(self) -> None:
        if self._ended is not None:
            self._keep_alive = False  # nobody asked for another one

    def on_header(self, name: bytes, value: bytes) -> None:
        exchange = self._exchange
        if exchange is not None and not exchange.has_head:  # trailers are no headers of the answer
            exchange.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        exchange = self._exchange
        if exchange is None:
            return
        status = self._parser.get_status_code()
        if status < 200:
            exchange.headers.clear()
            return
        exchange.status = status
        exchange.has_head = True
        self._keep_alive = self._parser.should_keep_alive()
        if exchange.head_only:
            self._keep_alive = False
            exchange.done = exchange.error is None

    def on_body(self, body: bytes) -> None:
        exchange = self._exchange
        if exchange is None or exchange.done:
            return
        exchange.chunks.append(body)
        exchange.buffered += len(body)
        if exchange.buffered > _HIGH_WATER and not self._paused_reading and self._transport is not None:
            self._paused_reading = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        exchange = self._exchange
        if exchange is not None and exchange.has_head:
            # Finished once all that came with it is read: what follows is not taken for the next one's answer.
            self._ended, self._exchange = exchange, None

    # Inside

    @staticmethod
    def _ends_with_connection(exchange: Exchange) -> bool:
        if exchange.header(b"content-length") is not None:
            return False
        coding = exchange.header(b"transfer-encoding")
        return coding is None or not coding.lower().endswith(b"chunked")

    def _break(self, error: HttpFailure) -> None:
        if self._exchange is not None:
            self._exchange.fail(error)
        self.abort()

    def _release_writer(self) -> None:
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None
