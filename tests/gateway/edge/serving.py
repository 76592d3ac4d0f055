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
    """Everything that is answered until the server ends the connection, while ``repeated`` is said on and on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = asyncio.create_task(_heard(reader))
    try:
        for part in said:
            writer.write(part)
            await asyncio.sleep(0.05)
        while not heard.done():
            if repeated:
                with contextlib.suppress(ConnectionError):
                    writer.write(repeated)
                    await writer.drain()
            await asyncio.wait([heard], timeout=every)
        return heard.result()
    finally:
        heard.cancel()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _heard(reader: asyncio.StreamReader) -> bytes:
    heard = bytearray()
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            heard += data
    return bytes(heard)
