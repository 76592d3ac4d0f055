"""An HTTP/2 server on a real socket, in clear text or over TLS, that answers as a test says."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    DataReceived,
    PingReceived,
    RequestReceived,
    SettingsAcknowledged,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

__all__ = ["Asked", "Http2Peer", "Talk", "serving_http2"]


@dataclass
class Asked:
    """One request as the server read it."""

    headers: dict[str, str]
    connection: int
    stream: int
    body: bytes = b""


class Talk:
    """The server's end of one connection."""

    def __init__(self, h2: H2Connection, writer: asyncio.StreamWriter) -> None:
        self.h2 = h2
        self.writer = writer
        self.opened = asyncio.Event()
        """Set when the client has opened a window."""

    def flush(self) -> None:
        """Send what the library has to send."""
        self.writer.write(self.h2.data_to_send())

    def head(self, asked: Asked, status: int = 200, *headers: tuple[str, str], end: bool = False) -> None:
        """Send an answer's headers."""
        self.h2.send_headers(asked.stream, [(":status", str(status)), *headers], end_stream=end)
        self.flush()

    async def body(self, asked: Asked, body: bytes, *, end: bool = True) -> None:
        """Send an answer's body as the client's windows allow."""
        while True:
            room = min(self.h2.local_flow_control_window(asked.stream), self.h2.max_outbound_frame_size)
            if room <= 0 and body:
                self.opened.clear()
                await self.opened.wait()
                continue
            piece, body = body[:room], body[room:]
            self.h2.send_data(asked.stream, piece, end_stream=end and not body)
            self.flush()
            if not body:
                return

    async def answer(self, asked: Asked, body: bytes, status: int = 200, *headers: tuple[str, str]) -> None:
        """Send a whole answer."""
        self.head(asked, status, ("content-length", str(len(body))), *headers)
        await self.body(asked, body)

    def raw(self, kind: int, flags: int, stream: int, payload: bytes = b"") -> None:
        """Send a frame that the library would not."""
        prefix = len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
        self.writer.write(prefix + payload)

    def go_away(self, last: int, code: int = 0) -> None:
        """Say that streams above ``last`` are not answered."""
        self.raw(7, 0, 0, last.to_bytes(4, "big") + code.to_bytes(4, "big"))


Play = Callable[[Talk, Asked], Awaitable[None]]


@dataclass
class Http2Peer:
    """What the server saw, and where it is."""

    url: str = ""
    connections: int = 0
    seen: list[Asked] = field(default_factory=list)
    resets: list[tuple[int, int]] = field(default_factory=list)
    pings: int = 0
    lost: int = 0
    """Connections that have ended."""
    most: int = 0
    """Streams open at once on a connection, at most."""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is true of what was seen."""
        async with self.changed:
            await self.changed.wait_for(holds)


async def _never(talk: Talk, asked: Asked) -> None:
    """No part in it."""


@contextlib.asynccontextmanager
async def serving_http2(
    whole: Play = _never,
    *,
    begun: Play = _never,
    greet: Callable[[Talk, int], None] | None = None,
    settings: Mapping[SettingCodes, int] | None = None,
    tls: ssl.SSLContext | None = None,
    pongs: bool = True,
    acknowledge: bool = True,
    port: int = 0,
) -> AsyncIterator[Http2Peer]:
    """Serve: ``whole`` is called with every request that is complete, ``begun`` with its headers.

    ``greet`` is called with every connection and its number, instead of the settings.
    """
    peer = Http2Peer()
    tasks: set[asyncio.Task[None]] = set()

    def play(one: Play, talk: Talk, asked: Asked) -> None:
        async def guarded() -> None:
            with contextlib.suppress(ProtocolError, ConnectionError):
                await one(talk, asked)

        task = asyncio.get_running_loop().create_task(guarded())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def read(talk: Talk, reader: asyncio.StreamReader, number: int) -> None:
        asks: dict[int, Asked] = {}
        while data := await reader.read(65536):
            for event in talk.h2.receive_data(data):
                match event:
                    case RequestReceived():
                        fields = {str(k, "ascii"): str(v, "latin-1") for k, v in event.headers or ()}
                        asked = Asked(fields, number, event.stream_id or 0)
                        asks[asked.stream] = asked
                        peer.seen.append(asked)
                        peer.most = max(peer.most, talk.h2.open_inbound_streams)
                        play(begun, talk, asked)
                    case DataReceived():
                        asks[event.stream_id or 0].body += event.data or b""
                        if acknowledge:
                            talk.h2.acknowledge_received_data(
                                event.flow_controlled_length or 0, event.stream_id or 0
                            )
                    case StreamEnded():
                        play(whole, talk, asks[event.stream_id or 0])
                    case StreamReset():
                        peer.resets.append((event.stream_id or 0, int(event.error_code or 0)))
                    case PingReceived():
                        peer.pings += 1
                    case WindowUpdated() | SettingsAcknowledged():
                        talk.opened.set()
            answer = talk.h2.data_to_send()
            if pongs:
                talk.writer.write(answer)
            async with peer.changed:
                peer.changed.notify_all()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        peer.connections += 1
        talk = Talk(H2Connection(H2Configuration(client_side=False)), writer)
        try:
            if settings:
                talk.h2.local_settings = Settings(client=False, initial_values=dict(settings))
            talk.h2.initiate_connection()
            if greet is None:
                talk.flush()
            else:
                greet(talk, peer.connections)
            with contextlib.suppress(ProtocolError, ConnectionError, asyncio.CancelledError):
                await read(talk, reader, peer.connections)
        finally:
            writer.close()
            tasks.discard(task)
            peer.lost += 1
            async with peer.changed:
                peer.changed.notify_all()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(connected, "127.0.0.1", port, ssl=tls)
    scheme = "http" if tls is None else "https"
    host = "127.0.0.1" if tls is None else "localhost"
    peer.url = f"{scheme}://{host}:{server.sockets[0].getsockname()[1]}/graphql"
    try:
        yield peer
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(list(tasks))
        await server.wait_closed()
