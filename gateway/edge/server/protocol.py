"""uvicorn's HTTP protocol with what it lacks: bounds on a request's head and trailers, on how long it takes to come whole,
and on how long its answer waits to be taken.

Without them one header without an end is gathered for as long as it comes, in quadratic time, by the loop
that serves everybody. Here, and not above, they hold for every path, also where nobody reads the body.

And an offer to go on in another protocol (``Upgrade: h2c``, as Java's client makes it) is declined: uvicorn's parser takes
what follows such a head for the next request, be it the body of this one.

Most requests come whole at once, on a connection that is soon used again. So a timer is set for what has not come when
all is read that has, and the one of an idle connection is not set anew for each request, but looks how long it was idle.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any, ClassVar, Literal

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gateway.config import Guards
from gateway.edge.http.bodies import WHOLE
from gateway.edge.server.writes import JoinedWrites

__all__ = ["bounded_protocol"]

_MEBIBYTE = 1 << 20
_GRACE = 1.1
"""By how much later than the application a body is late here: it may still say so itself."""
_READ_AT_ONCE = 1 << 18
"""Bytes, at most: of several requests perhaps, and of which only the last ones are no body."""
_NO_REQUEST = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def bounded_protocol(guards: Guards) -> type[HttpToolsProtocol]:
    """The protocol's class with these bounds: uvicorn makes one object of it a connection."""
    return type("BoundedProtocol", (_BoundedProtocol,), {"guards": guards})


class _BoundedProtocol(HttpToolsProtocol):
    guards: ClassVar[Guards]
    _timer: asyncio.TimerHandle | None = None
    _awaited: Literal["", "head", "body"] = ""
    """The part of a request that has not come whole."""
    _idle_since = 0.0
    """0 while a request is under way."""
    _head_bytes = 0
    _body_began = 0.0
    _body_bytes = 0
    _beside = 0
    """Bytes that have come since the last of the body: what a chunk's size is followed by, or trailers."""
    _data = b""
    _again = b""
    _sending: asyncio.TimerHandle | None = None
    _untaken = 0
    _refused = b""
    """The last answer of this connection, to what could not be read, while answers before it are owed."""
    _offered = False
    """Whether another protocol is offered by the request whose head is being read."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_head()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self._taken()
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._untaken = self.transport.get_write_buffer_size()
        self._sending = self.loop.call_later(self.guards.send_seconds, self._look_at_sending)

    def resume_writing(self) -> None:
        self._taken()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        if self._refused or self.transport.is_closing():
            return
        if not self._awaited and getattr(self.cycle, "response_complete", False):
            self._expect_head()
        counted, size = self._awaited == "head", len(data)
        while data:
            self._data, self._again = data, b""
            super().data_received(data)
            data = self._again
        self._data = b""
        if not self._awaited or self._refused:
            return
        self._watch()
        if self._awaited == "body":
            self._beside += size
            if self._beside > self.guards.header_bytes + _READ_AT_ONCE:
                self._refuse()
        elif counted:
            self._head_bytes += size
            if self._head_bytes > self.guards.header_bytes:
                self._refuse()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._awaited != "head":
            self._expect_head()

    def on_headers_complete(self) -> None:
        parser = self.parser
        self._offered = (
            parser.should_upgrade() and not self._should_upgrade() and parser.get_method() != b"CONNECT"
        )
        if self._offered:
            return
        self._stop()
        self._require_host()
        super().on_headers_complete()
        self.headers = self.headers.copy()  # trailers are no headers of the request (RFC 9110, 6.5.1)
        self._awaited, self._body_bytes, self._beside = "body", 0, 0

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.transport = JoinedWrites(self.transport, self.loop)  # type: ignore[assignment] # all it uses of one
        super()._start_asgi_task(cycle, app)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        self._beside = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._offered:
            return
        self._stop()
        self.scope["state"][WHOLE] = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        if self._refused:
            self.loop.call_soon(self._say_last, self._refused)  # after what its answer still holds
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_at_idleness_in(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        """Ends the connection, unless it has been used since the last look."""
        self.timeout_keep_alive_task = None
        if not self._idle_since:
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_at_idleness_in(left)
        else:
            super().timeout_keep_alive_handler()

    def _look_at_idleness_in(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = 0.0

    def handle_websocket_upgrade(self) -> None:
        self._stop()
        super().handle_websocket_upgrade()

    def _look_at_sending(self) -> None:
        """Ends the connection, unless something has been taken since the last look."""
        before, self._untaken = self._untaken, self.transport.get_write_buffer_size()
        if self._untaken < before:
            self._sending = self.loop.call_later(self.guards.send_seconds, self._look_at_sending)
        else:
            self.transport.abort()

    def _taken(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _should_upgrade(self) -> bool:
        return self.parser.get_method() == b"GET" and super()._should_upgrade()

    def _unsupported_upgrade_warning(self) -> None:
        """Read the request again, without its offer (RFC 9110, 7.8)."""
        upgrade = sys.exception()
        if not self._offered or upgrade is None:
            return
        rest = self._data[upgrade.args[0] :]
        kept = [(n, v) for n, v in self.headers if n not in (b"upgrade", b"connection", b"http2-settings")]
        if not self.parser.should_keep_alive():
            kept.append((b"connection", b"close"))
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b" % header for header in kept]
        self.parser = httptools.HttpRequestParser(self)
        self._again = b"\r\n".join([*lines, b"", rest])

    def _require_host(self) -> None:
        """One, or a proxy may have understood another than we do (RFC 9112, 3.2); the parser's owner answers 400."""
        hosts = [name for name, _ in self.headers].count(b"host")
        if hosts > 1 or (not hosts and self.parser.get_http_version() != "1.0"):
            raise ValueError(f"{hosts} hosts")

    def _refuse(self) -> None:
        """End the connection for what its sender adds to a request."""
        self._end_with(_TOO_LARGE)

    def send_400_response(self, msg: str) -> None:
        """To what is no request."""
        self._end_with(_NO_REQUEST)

    def _end_with(self, answer: bytes) -> None:
        """The last answer, after those to the requests before it: else it would be taken for one of theirs."""
        cycle, in_body = self.cycle, self._awaited == "body"
        self._stop()
        if in_body and self.pipeline:
            self.pipeline.popleft()  # the request that is broken: nothing has been done for it
            self._refused = answer
        elif in_body:
            self._say_last(b"" if cycle.response_started else answer)
        elif not getattr(cycle, "response_complete", True):
            self._refused = answer
        else:
            self._say_last(answer)

    def _say_last(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()

    def _expect_head(self) -> None:
        self._stop()
        self._awaited, self._head_bytes = "head", 0

    def _watch(self) -> None:
        """Bound the wait for what has not come."""
        if self._timer is not None:
            return
        if self._awaited == "head":
            self._timer = self.loop.call_later(self.guards.header_seconds, self._close)
        else:
            self._body_began = self.loop.time()
            self._timer = self.loop.call_later(self.guards.body_seconds * _GRACE, self._body_late)

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
        self._awaited = ""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
