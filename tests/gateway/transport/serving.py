"""A server on a real socket that plays one scripted exchange after another."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field

__all__ = ["Peer", "Seen", "answer", "read_request", "serving"]


@dataclass
class Seen:
    """One request as the server read it."""

    head: str
    body: bytes
    connection: int

    @property
    def headers(self) -> dict[str, str]:
        """Headers by lower-case name."""
        lines = [line.partition(": ") for line in self.head.split("\r\n")[1:]]
        return {name.lower(): value for name, _, value in lines}


Play = Callable[["Peer", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Peer:
    """What the server saw, and where it is."""

    url: str = ""
    connections: int = 0
    seen: list[Seen] = field(default_factory=list)


async def read_request(peer: Peer, reader: asyncio.StreamReader) -> Seen:
    """Read one request whole; raises asyncio.IncompleteReadError where there is none."""
    number = peer.connections
    head = (await reader.readuntil(b"\r\n\r\n"))[:-4].decode("latin-1")
    seen = Seen(head, b"", number)
    if seen.headers.get("transfer-encoding") == "chunked":
        while size := int(await reader.readuntil(b"\r\n"), 16):
            seen.body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
    else:
        seen.body = await reader.readexactly(int(seen.headers.get("content-length", "0")))
    peer.seen.append(seen)
    return seen


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """An HTTP answer of known length."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@contextlib.asynccontextmanager
async def serving(*plays: bytes | Play, tls: ssl.SSLContext | None = None) -> AsyncIterator[Peer]:
    """Serve: bytes answer one request, a function plays as it likes; the connection stays between plays.

    A play of b"" closes the connection. When all are played the connection is closed.
    """
    peer = Peer()
    script: Iterator[bytes | Play] = iter(plays)
    running: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        peer.connections += 1
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                for play in script:
                    if callable(play):
                        await play(peer, reader, writer)
                    elif play:
                        await read_request(peer, reader)
                        writer.write(play)
                    else:
                        break
        finally:
            writer.close()
            running.discard(task)
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    origin = "http://127.0.0.1" if tls is None else "https://localhost"
    peer.url = f"{origin}:{server.sockets[0].getsockname()[1]}/graphql"
    try:
        yield peer
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        if running:
            await asyncio.wait(running)
        await server.wait_closed()
