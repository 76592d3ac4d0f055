"""The gateway's HTTP server: uvicorn, bounded, and ended in good order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import math
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import uvicorn
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

from gateway.config import Guards
from gateway.edge.server.memory import give_back
from gateway.edge.server.protocol import bounded_protocol
from gateway.edge.streaming import DRAINING

__all__ = ["Ending", "serve", "server_config", "spare_collector"]

_GC_THRESHOLD = (10_000, 20, 20)
"""Answers are many objects that die young and hold no cycles: the collector looks for these less often."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a server that is told to stop goes about it."""

    leave_seconds: float = 0.0
    """For how long it still takes requests, while it is not ready and tells who asks to ask elsewhere next:
    clients and proxies that keep connections leave without a request being lost on one."""
    drain_seconds: float = 9.0
    """For how long what is under way may go on after that."""


def server_config(
    app: ASGIApp, host: str, port: int, guards: Guards, drain_seconds: float = Ending().drain_seconds
) -> uvicorn.Config:
    """How the gateway is served: forwarded headers are ours to judge, and nobody learns what we run."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=bounded_protocol(guards),
        ws=_WebSocketProtocol,
        ws_max_size=1 << 20,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_graceful_shutdown=math.ceil(drain_seconds),
    )


_NO_HANDSHAKE = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class _WebSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's, which cannot be shut down while a connection is closing already, and waits for ever where a handshake is
    none: one with a body, or with more headers than it takes."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.handshake_initiated and self.conn.handshake_exc is not None:
            self.handshake_initiated = self.handshake_complete = self.close_sent = True
            self.transport.write(_NO_HANDSHAKE)
            self.transport.close()

    def shutdown(self) -> None:
        with contextlib.suppress(InvalidState):
            super().shutdown()


class _Door:
    """Passes everything on; of a server that leaves it says so, and streams learn when it drains."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.leaving = False
        self.draining = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"][DRAINING] = self.draining
        if not self.leaving or scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        if scope["path"] in _READINESS:
            return await JSONResponse({"status": "unavailable", "reason": "It is stopping."}, 503)(
                scope, receive, closing
            )
        return await self._app(scope, receive, closing)


_READINESS = frozenset({"/health", "/health/ready"})


class _Server(uvicorn.Server):
    """Ends on SIGTERM and Ctrl-C, and then returns: uvicorn's own would raise the signal once more, and the
    process would die before whoever called could put things away."""

    def __init__(self, config: uvicorn.Config, door: _Door, leave_seconds: float) -> None:
        super().__init__(config)
        self._door = door
        self._leave_seconds = leave_seconds

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._door.leaving = True
        await asyncio.sleep(self._leave_seconds)
        self._door.draining.set()  # who waits for it runs when nobody is let in any more
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        for sent in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sent, self.handle_exit, sent, None)
        try:
            yield
        finally:
            for sent in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(sent)


async def serve(
    app: ASGIApp,
    host: str,
    port: int,
    *,
    ready: Callable[[], None] | None = None,
    sockets: list[socket.socket] | None = None,
    guards: Guards | None = None,
    ending: Ending | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C, then drain. ``ready`` is called once the port answers."""
    ending, door = ending or Ending(), _Door(app)
    config = server_config(door, host, port, guards or Guards(), ending.drain_seconds)
    server = _Server(config, door, ending.leave_seconds)
    announcing = asyncio.create_task(_announce(server, ready))
    try:
        await server.serve(sockets)
    finally:
        announcing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await announcing


def spare_collector() -> None:
    """Once everything is loaded. Schemas and plans are for good: the collector need not walk them again and again."""
    gc.collect()
    give_back()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLD)


async def _announce(server: uvicorn.Server, ready: Callable[[], None] | None) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.02)
    sys.setswitchinterval(0.001)  # a thread that parses or hashes lets the loop go on sooner
    spare_collector()
    if ready is not None:
        ready()
