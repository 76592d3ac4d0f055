"""Who is refused is answered before their file has come; what they send all the same is read for a while, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from subgraphs.media.uploads.early_answer import EarlyAnswer
from tests.subgraphs.media.http_door import served

_MEBIBYTE = 1 << 20


class _Door:
    def __init__(self, **limits: float) -> None:
        self.read = 0
        self._limits = limits

    async def _turn(self, size: int) -> None:
        self.read += size

    async def _refuse(self, request: Request) -> Response:
        refused = JSONResponse({"code": "RATE_LIMITED"}, 429, {"retry-after": "3"})
        return EarlyAnswer(refused, self._turn, **self._limits)  # type: ignore[arg-type]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        async with served([Route("/upload", self._refuse, methods=["POST"])]) as origin:
            yield origin


@asynccontextmanager
async def _sending(
    origin: str, length: int
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(origin.rpartition(":")[2]))
    writer.write(b"POST /upload HTTP/1.1\r\nhost: media\r\ncontent-length: %d\r\n\r\n" % length)
    try:
        yield reader, writer
    finally:
        writer.close()


async def test_the_answer_comes_before_the_body() -> None:
    door = _Door()
    async with door.open() as origin, _sending(origin, 10 * _MEBIBYTE) as (reader, _):
        head = await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(23) == b'{"code":"RATE_LIMITED"}'
    assert head.startswith(b"HTTP/1.1 429 ")
    assert b"\r\nretry-after: 3\r\n" in head
    assert b"\r\nconnection: close\r\n" in head
    assert door.read == 0


async def test_a_client_that_sends_all_before_it_reads_sees_the_answer() -> None:
    door = _Door()
    async with door.open() as origin, httpx.AsyncClient() as client:
        answer = await client.post(f"{origin}/upload", content=bytes(3 * _MEBIBYTE))
    assert (answer.status_code, answer.json()) == (429, {"code": "RATE_LIMITED"})
    assert 0 < door.read <= 3 * _MEBIBYTE


async def test_no_more_is_read_than_may_be() -> None:
    door = _Door(most_bytes=2 * _MEBIBYTE)
    async with door.open() as origin, _sending(origin, 1 << 30) as (reader, writer):
        heard = asyncio.create_task(reader.read())
        try:
            while not heard.done():
                writer.write(bytes(_MEBIBYTE))
                await writer.drain()
        except ConnectionError:
            pass  # that is the end of it
    assert 2 * _MEBIBYTE < door.read < 3 * _MEBIBYTE
    heard.cancel()


async def test_who_sends_nothing_more_is_not_waited_for() -> None:
    async with _Door(seconds=0.05).open() as origin, _sending(origin, _MEBIBYTE) as (reader, _):
        assert (await reader.read()).endswith(b'{"code":"RATE_LIMITED"}')
