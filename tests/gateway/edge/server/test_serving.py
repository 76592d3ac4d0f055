"""A server that is told to stop: it leaves before it closes, and nobody's request is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.ports import free_ports

_PROGRAM = """
import asyncio, sys
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket
from gateway.edge.protocols.sse import event_stream
from gateway.edge.server import Ending, serve

async def app(scope, receive, send):
    if scope["type"] == "websocket":
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        return await socket.receive()
    if scope["path"] == "/slow":
        await asyncio.sleep(0.5)
    if scope["path"] in ("/endless", "/long"):
        return await event_stream(events(), endless=scope["path"] == "/endless")(scope, receive, send)
    await PlainTextResponse("done")(scope, receive, send)

async def events():
    yield {"data": 1}
    await asyncio.sleep(0.5)
    yield {"data": 2}
    await asyncio.sleep(600)

asyncio.run(serve(app, "127.0.0.1", int(sys.argv[1]), ready=lambda: print("ready", flush=True),
                  ending=Ending(leave_seconds=float(sys.argv[2]), drain_seconds=float(sys.argv[3]))))
"""


@asynccontextmanager
async def _serving(leave: float, drain: float) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    port = free_ports()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _PROGRAM, str(port), str(leave), str(drain)),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[4],
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    try:
        yield process, port
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_server_that_leaves_answers_and_says_so() -> None:
    async with (
        _serving(600, 60) as (process, port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        first = await client.get("/")
        assert ("connection" in first.headers, first.text) == (False, "done")
        os.kill(process.pid, signal.SIGTERM)
        while (ready := await client.get("/health/ready")).status_code == 200:
            pass
        assert (ready.status_code, ready.json()["reason"]) == (503, "It is stopping.")
        second = await client.get("/")
        assert (second.headers["connection"], second.text) == ("close", "done")
        assert (await client.get("/slow")).text == "done"
        assert process.returncode is None


async def test_streams_without_an_end_end_when_the_server_does_and_are_whole() -> None:
    async with _serving(0, 600) as (process, port):
        async with (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
            connect(f"ws://127.0.0.1:{port}/", proxy=None) as web_socket,
            client.stream("GET", "/endless") as stream,
        ):
            chunks = stream.aiter_text()
            heard = [await anext(chunks), await anext(chunks)]
            process.send_signal(signal.SIGTERM)
            heard += [chunk async for chunk in chunks]  # fails where the body is cut short
            with pytest.raises(ConnectionClosed) as closed:
                await web_socket.recv()
        async with asyncio.timeout(300):
            assert await process.wait() == 0
    assert '"data":1' in "".join(heard)
    assert "complete" not in "".join(heard)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012  # service restart: clients connect again


async def test_a_stream_that_has_an_end_is_waited_for_and_nothing_is_after_it() -> None:
    async with _serving(0.1, 600) as (process, port):
        async with (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
            client.stream("GET", "/long") as stream,
        ):
            chunks = stream.aiter_text()
            heard = await anext(chunks)
            process.send_signal(signal.SIGTERM)
            while '"data":2' not in heard:
                heard += await anext(chunks)
            assert process.returncode is None
        async with asyncio.timeout(300):
            assert await process.wait() == 0
