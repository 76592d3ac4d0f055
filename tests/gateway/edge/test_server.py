"""A server that is told to stop: it leaves before it closes, and nobody's request is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import httpx

_PROGRAM = """
import asyncio, sys
from starlette.responses import PlainTextResponse
from gateway.edge.server import Ending, serve

async def app(scope, receive, send):
    if scope["path"] == "/slow":
        await asyncio.sleep(0.5)
    await PlainTextResponse("done")(scope, receive, send)

asyncio.run(serve(app, "127.0.0.1", int(sys.argv[1]), ready=lambda: print("ready", flush=True),
                  ending=Ending(leave_seconds=float(sys.argv[2]), drain_seconds=5)))
"""


async def test_a_server_that_leaves_answers_and_says_so_and_then_drains() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _PROGRAM,
        str(port),
        "2",
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        first = await client.get("/")
        assert ("connection" in first.headers, first.text) == (False, "done")
        os.kill(process.pid, signal.SIGTERM)
        while (ready := await client.get("/health/ready")).status_code == 200:
            pass
        assert (ready.status_code, ready.json()["reason"]) == (503, "It is stopping.")
        second = await client.get("/")
        assert (second.headers["connection"], second.text) == ("close", "done")
        under_way = asyncio.create_task(client.get("/slow"))
        assert (await under_way).text == "done"
    assert await process.wait() == 0
