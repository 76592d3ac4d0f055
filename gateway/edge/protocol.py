"""uvicorn's HTTP protocol with what it lacks: bounds on a request's head, and on how long it takes to come whole.

Without them one header without an end is gathered for as long as it comes, in quadratic time, by the loop
that serves everybody. Here, and not above, they hold for every path, also where nobody reads the body.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.config import Guards

__all__ = ["bounded_protocol"]

_MEBIBYTE = 1 << 20
_GRACE = 1.1
"""By how much later than the application a body is late here: it may still say so itself."""
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def bounded_protocol(guards: Guards) -> type[HttpToolsProtocol]:
    """The protocol's class with these bounds: uvicorn makes one object of it a connection."""
    return type("BoundedProtocol", (_BoundedProtocol,), {"guards": guards})


class _BoundedProtocol(HttpToolsProtocol):
    guards: ClassVar[Guards]
    _timer: asyncio.TimerHandle | None = None
    _in_head = False
    _head_bytes = 0
    _body_began = 0.0
    _body_bytes = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._timer is None and getattr(self.cycle, "response_complete", False):
            self._expect_head()
        counted = self._in_head
        super().data_received(data)
        if counted and self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self.guards.header_bytes and not self.transport.is_closing():
                self.transport.write(_TOO_LARGE)
                self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if not self._in_head:
            self._expect_head()

    def on_headers_complete(self) -> None:
        self._stop()
        super().on_headers_complete()
        self._body_began, self._body_bytes = self.loop.time(), 0
        self._timer = self.loop.call_later(self.guards.body_seconds * _GRACE, self._body_late)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._stop()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._stop()
        super().handle_websocket_upgrade()

    def _expect_head(self) -> None:
        self._stop()
        self._in_head, self._head_bytes = True, 0
        self._timer = self.loop.call_later(self.guards.header_seconds, self._close)

    def _body_late(self) -> None:
        """Ends the connection, unless much has come already, or it is us who do not read on."""
        allowed = self.guards.body_seconds * (_GRACE + self._body_bytes / _MEBIBYTE)
        left = self._body_began + allowed - self.loop.time()
        if left > 0 or self.flow.read_paused:
            self._timer = self.loop.call_later(max(left, 1.0), self._body_late)
        else:
            self._close()

    def _close(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.close()

    def _stop(self) -> None:
        self._in_head = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
