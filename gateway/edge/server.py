"""The gateway's HTTP server: uvicorn, bounded, and ended in good order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

from gateway.config import Guards
from gateway.edge.protocol import bounded_protocol

__all__ = ["serve", "server_config"]

_DRAIN_SECONDS = 5
_GC_THRESHOLD = (10_000, 20, 20)
"""Answers are many objects that die young and hold no cycles: the collector looks for these less often."""


def server_config(app: ASGIApp, host: str, port: int, guards: Guards) -> uvicorn.Config:
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
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )


class _WebSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's, which cannot be shut down while a connection is closing already."""

    def shutdown(self) -> None:
        with contextlib.suppress(InvalidState):
            super().shutdown()


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
    guards: Guards | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C, then drain. ``ready`` is called once the port answers."""
    server = _Server(server_config(app, host, port, guards or Guards()))
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
    gc.set_threshold(*_GC_THRESHOLD)
    if ready is not None:
        ready()
