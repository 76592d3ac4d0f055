"""What a service answers before it has read a request ends the connection; what it answers after does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.edge.app import GatewayApp
from gateway.edge.mounts import Mount, Upstream, forwarding
from gateway.transport import HttpClient
from tests.gateway.edge.graph import Subgraph, client, parts
from tests.gateway.edge.serving import conversation, served

_ANSWER = (
    b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 2\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbusy"
)


def _addressed(app: ASGIApp) -> ASGIApp:
    """As the gateway knows its clients."""

    async def addressed(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": {"address": "127.0.0.1"}}, receive, send)

    return addressed


@asynccontextmanager
async def _forwarded(*, reads: int) -> AsyncIterator[int]:
    """The port of a gateway before a service that reads so many bytes of a body, and answers."""

    async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(reads)
        writer.write(_ANSWER)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(service, "127.0.0.1", 0) as server:
        client = HttpClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        try:
            async with served(_addressed(forwarding(Upstream(client)))) as port:
                yield port
        finally:
            await client.close()


def _head(length: int, *more: bytes) -> bytes:
    return b"\r\n".join(
        [b"POST /upload HTTP/1.1", b"host: gateway", b"content-length: %d" % length, *more, b"", b""]
    )


async def test_the_rest_of_a_body_that_its_service_does_not_want_is_not_read() -> None:
    async with _forwarded(reads=0) as port:
        heard = await conversation(port, _head(1 << 30), repeated=bytes(1 << 16))
    assert heard.startswith(b"HTTP/1.1 429 Too Many Requests\r\n")
    assert b"\r\nretry-after: 2\r\n" in heard
    assert heard.endswith(b"connection: close\r\n\r\nbusy")


async def test_a_connection_whose_request_was_read_is_kept() -> None:
    async with _forwarded(reads=5) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(_head(5) + b"bytes")
            head = await reader.readuntil(b"\r\n\r\n")
            assert await reader.readexactly(4) == b"busy"
            assert b"connection:" not in head
        writer.close()


@pytest.mark.parametrize("name", ["subject", "viewer"])
async def test_whoever_answers_in_our_place_says_whose_request_it_was(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "gateway.access")

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"][name] = "ada"
        await PlainTextResponse("done")(scope, receive, send)

    app = GatewayApp(replace(parts(Subgraph()), mounts=[Mount("/done", answer)]))
    async with client(app) as asking:
        for path in ("/done", "/elsewhere"):
            await asking.get(path)
    app.close()
    users = [one.getMessage().split()[6] for one in caplog.records if one.name == "gateway.access"]
    assert [len(user) for user in users] == [12, 1]
