"""The edge on a real socket, and a client that says exactly the bytes it is told."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from gateway.config import Guards
from gateway.edge.server import server_config

__all__ = ["conversation", "served"]


@asynccontextmanager
async def served(app: ASGIApp, guards: Guards | None = None) -> AsyncIterator[int]:
    """The port the application is served on, as the gateway serves it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = server_config(app, "", 0, guards or Guards())
        server = uvicorn.Server(config)
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup(sockets=[listening])
        ticking = asyncio.create_task(server.main_loop())
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await ticking
            await server.shutdown(sockets=[listening])


async def conversation(port: int, *said: bytes, repeated: bytes = b"", every: float = 0.01) -> bytes:
    """Everything that is answered until the server ends the connection, while ``repeated`` is said on and on.

    No stream of asyncio's: one that fails to say more throws away what it was answered and has not read yet.
    """
    with socket.socket() as talking:
        talking.setblocking(False)
        await asyncio.get_running_loop().sock_connect(talking, ("127.0.0.1", port))
        heard = asyncio.create_task(_heard(talking))
        try:
            for part in said:
                await _say(talking, part)
                await asyncio.sleep(0.05)
            while not heard.done():
                await _say(talking, repeated)
                await asyncio.wait([heard], timeout=every)
            return heard.result()
        finally:
            heard.cancel()
            await asyncio.wait([heard])


async def _say(talking: socket.socket, part: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        await asyncio.get_running_loop().sock_sendall(talking, part)


async def _heard(talking: socket.socket) -> bytes:
    heard = bytearray()
    with contextlib.suppress(ConnectionError):
        while data := await asyncio.get_running_loop().sock_recv(talking, 65536):
            heard += data
    return bytes(heard)
