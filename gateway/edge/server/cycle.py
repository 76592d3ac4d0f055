"""One request and its answer, as ASGI has them: what uvicorn's cycle does, in fewer steps.

A request that has come whole is handed over without an event, an answer's header lines are checked together, and its head
leaves in one write with what follows it at once: each write costs more than all that makes a head.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from starlette.types import ASGIApp, Message, Scope
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

__all__ = ["Cycle"]

_log = logging.getLogger("uvicorn.error")
_NO_NAME = re.compile(rb'[\x00-\x1f\x7f()<>@,;:\[\]={} \t\\"]')
_NO_TEXT = bytes([*range(9), 11, 12, *range(14, 32), 127])
"""What no line may hold; that none holds an end of line is counted."""
_COPIED = 256 * 1024
"""Bytes that are sooner copied than written by themselves."""
_FAILED = b"Internal Server Error"
_FAILED_HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", b"%d" % len(_FAILED)),
    (b"connection", b"close"),
]


class Cycle:
    """What the protocol knows of a request under way, and its application is given and answers to."""

    task: asyncio.Task[None]
    """In which it is answered."""
    response_started = response_complete = disconnected = False
    more_body = True
    _news = False
    """Whether something has come that nobody has been told."""
    _event: asyncio.Event | None = None
    _held = b""
    """The head, until the next write or the loop's next turn."""
    _chunked: bool | None = None
    _left = 0
    """Bytes of the body that are still to come, where its length was said."""

    def __init__(
        self,
        scope: Scope,
        transport: asyncio.Transport,
        flow: FlowControl,
        *,
        keep_alive: bool,
        expects_continue: bool,
        on_response: Callable[[], None],
    ) -> None:
        self.scope = scope
        self.transport = transport
        self.flow = flow
        self.keep_alive = keep_alive
        self._expects_continue = expects_continue
        self._on_response = on_response
        self._body: bytes | bytearray = b""

    # What the protocol tells.

    def take(self, body: bytes) -> None:
        """Some of the body has come."""
        if not self._body:
            self._body = body
        elif isinstance(self._body, bytearray):
            self._body += body
        else:
            self._body = bytearray(self._body) + body
        if len(self._body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        self._tell()

    def end(self) -> None:
        """All of the body has come."""
        self.more_body = False
        self._tell()

    def _tell(self) -> None:
        self._news = True
        if self._event is not None:
            self._event.set()

    @property
    def message_event(self) -> asyncio.Event:
        """Set with news for whoever waits; uvicorn's protocol sets it when a connection is lost."""
        if self._event is None:
            self._event = asyncio.Event()
        return self._event

    # What the application is given.

    async def run(self, app: ASGIApp, tasks: set[asyncio.Task[None]]) -> None:
        """Have the application answer; the task leaves ``tasks`` at its end."""
        try:
            await app(self.scope, self.receive, self.send)
        except BaseException as error:
            _log.error("Exception in ASGI application\n", exc_info=error)
            await self._fail()
        else:
            if not self.response_complete and not self.disconnected:
                _log.error("ASGI callable returned without completing response.")
                await self._fail()
        finally:
            self._on_response = _nothing
            tasks.discard(self.task)

    async def receive(self) -> Message:
        """What has come of the body, or that the client has left."""
        if self._expects_continue and not self.transport.is_closing():
            self._expects_continue = False
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if not self._over():
            self.flow.resume_reading()
            while not self._news and not self._over():
                self.message_event.clear()
                await self.message_event.wait()
            self._news = False
        if self._over():
            return {"type": "http.disconnect"}
        body, self._body = self._body, b""
        return {"type": "http.request", "body": bytes(body), "more_body": self.more_body}

    async def send(self, message: Message) -> None:
        """Take some of the answer, waiting while the client does not take what it has got."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        if not self.response_started:
            _expect(message, "http.response.start")
            self.response_started = True
            self._expects_continue = False
            self._held = self._head(message["status"], message.get("headers", ()))
            asyncio.get_running_loop().call_soon(self._flush)
        elif not self.response_complete:
            _expect(message, "http.response.body")
            more = message.get("more_body", False)
            self._send_body(message.get("body", b""), more=more)
            if not more:
                self._complete()
        else:
            raise RuntimeError("The answer is complete already.")

    # Inside

    def _over(self) -> bool:
        return self.disconnected or self.response_complete

    def _head(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
        lines = [STATUS_LINE[status]]
        closes = False
        for name, value in headers:
            start = _line_start(name)
            lines += (start, value, b"\r\n")
            if start == b"content-length: " and self._chunked is None:
                self._left, self._chunked = int(value), False
            elif start == b"transfer-encoding: " and value.lower() == b"chunked":
                self._left, self._chunked = 0, True
            elif start == b"connection: " and b"close" in map(bytes.strip, value.lower().split(b",")):
                self.keep_alive, closes = False, True
        if not self.keep_alive and not closes:
            lines += (b"connection: ", b"close", b"\r\n")
        if self._chunked is None and self.scope["method"] != "HEAD" and status not in (204, 304):
            self._chunked = True
            lines += (b"transfer-encoding: ", b"chunked", b"\r\n")
        made, ends = b"".join(lines), len(lines) // 3 + 1
        if made.count(b"\n") != ends or made.count(b"\r") != ends or made != made.translate(None, _NO_TEXT):
            raise RuntimeError("Invalid HTTP header value.")
        return made + b"\r\n"

    def _send_body(self, body: bytes, *, more: bool) -> None:
        if self.scope["method"] == "HEAD":
            self._left = 0
            body = b""
        elif self._chunked:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            if not more:
                body += b"0\r\n\r\n"
        elif len(body) > self._left:
            raise RuntimeError("Response content longer than Content-Length")
        else:
            self._left -= len(body)
        if self._held and len(body) <= _COPIED:
            body, self._held = self._held + body, b""
        self._flush()
        if body:
            self.transport.write(body)

    def _complete(self) -> None:
        if self._left:
            raise RuntimeError("Response content shorter than Content-Length")
        self.response_complete = True
        self._tell()
        if not self.keep_alive:
            self.transport.close()
        self._on_response()

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, b""
            if not self.transport.is_closing():  # the client may have left meanwhile
                self.transport.write(held)

    async def _fail(self) -> None:
        """Say so, or break off what has begun."""
        if self.response_started:
            self._flush()
            self.transport.close()
        else:
            await self.send({"type": "http.response.start", "status": 500, "headers": _FAILED_HEADERS})
            await self.send({"type": "http.response.body", "body": _FAILED})


@lru_cache(maxsize=512)
def _line_start(name: bytes) -> bytes:
    """A header's line up to its value; names are few. Raises RuntimeError."""
    if _NO_NAME.search(name):
        raise RuntimeError("Invalid HTTP header name.")
    return name.lower() + b": "


def _expect(message: Message, type_: str) -> None:
    if message["type"] != type_:
        raise RuntimeError(f"Expected ASGI message '{type_}', but got '{message['type']}'.")


def _nothing() -> None:
    """The application is done with the connection."""
