"""The gateway's HTTP server: uvicorn, with what it lacks: a bound on how long a request's head may take."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["serve", "server_config"]

_DRAIN_SECONDS = 5
_HEAD_SECONDS = 20.0


class _BoundedProtocol(HttpToolsProtocol):
    """Closes a connection whose request line and headers have not come whole in time, dripping or not."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._start_head_timer()

    def data_received(self, data: bytes) -> None:
        if self._head_timer is None and getattr(self.cycle, "response_complete", False):
            self._start_head_timer()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._stop_head_timer()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_head_timer()
        super().connection_lost(exc)

    def _start_head_timer(self) -> None:
        self._head_timer = self.loop.call_later(_HEAD_SECONDS, self._head_late)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_late(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self.transport.close()


def server_config(app: ASGIApp, host: str, port: int) -> uvicorn.Config:
    """How the gateway is served: forwarded headers are ours to judge, and nobody learns what we run."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_BoundedProtocol,
        ws="websockets-sansio",
        ws_max_size=1 << 20,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        h11_max_incomplete_event_size=64 * 1024,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )


class _Server(uvicorn.Server):
    """Ends on SIGTERM and Ctrl-C, and then returns: uvicorn's own would raise the signal once more, and the
    process would die before whoever called could put things away."""

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
) -> None:
    """Serve until SIGTERM or Ctrl-C, then drain. ``ready`` is called once the port answers."""
    server = _Server(server_config(app, host, port))
    announcing = asyncio.create_task(_announce(server, ready))
    try:
        await server.serve(sockets)
    finally:
        announcing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await announcing


async def _announce(server: uvicorn.Server, ready: Callable[[], None] | None) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.02)
    sys.setswitchinterval(0.001)  # a thread that parses or hashes lets the loop go on sooner
    gc.collect()
    gc.freeze()  # schemas and plans are for good: the collector need not walk them again and again
    if ready is not None:
        ready()
