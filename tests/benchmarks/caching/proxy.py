"""A distance to PostgreSQL: what a client sends arrives later."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

__all__ = ["Distance"]

_CHUNK = 1 << 16


class Distance:
    """Between clients, who find it under the socket's name in a folder of its own, and the server's own folder."""

    def __init__(self, server: Path, folder: Path) -> None:
        self.delay = 0.0
        """Seconds, for each time a client sends and waits: once a statement."""
        self.folder = folder
        self._server = server

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        self.folder.mkdir()
        listening = await asyncio.start_unix_server(self._serve, self.folder / self._server.name)
        try:
            yield
        finally:
            listening.close()

    async def _serve(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        server, asked = await asyncio.open_unix_connection(self._server)
        ways = [
            asyncio.create_task(self._passed(client, asked, late=True)),
            asyncio.create_task(self._passed(server, answers, late=False)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for writer in (asked, answers):
                writer.close()

    async def _passed(self, read: asyncio.StreamReader, written: asyncio.StreamWriter, *, late: bool) -> None:
        while data := await read.read(_CHUNK):
            if late and self.delay:
                await asyncio.sleep(self.delay)
            written.write(data)
