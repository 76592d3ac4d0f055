"""A load generator that is cheap itself: keep-alive connections, one request at a time on each."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httptools
import uvloop

__all__ = ["main"]


class _Run:
    """What is sent, and what has been seen."""

    def __init__(self, bodies: list[bytes], requests: int, seconds: float, path: str, more: str) -> None:
        head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\naccept: application/json\r\n{more}"
        messages = [f"{head}content-length: {len(body)}\r\n\r\n".encode() + body for body in bodies]
        self._messages: Iterator[bytes] = itertools.islice(itertools.cycle(messages), requests)
        self._ends = time.perf_counter() + seconds
        self.open = 0
        self.seconds: list[float] = []
        self.statuses: dict[int, int] = {}
        self.sizes: set[int] = set()
        self.over = asyncio.Event()

    def next(self) -> bytes | None:
        """The next request; None where there is none or the time is up."""
        return next(self._messages, None) if time.perf_counter() < self._ends else None

    def answered(self, seconds: float, status: int, size: int) -> None:
        """A whole answer has come."""
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if len(self.sizes) < 10:
            self.sizes.add(size)

    def closed(self) -> None:
        """A connection has no more to send, or is lost."""
        self.open -= 1
        if self.open == 0:
            self.over.set()


class _Client(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._parser = httptools.HttpResponseParser(self)
        self._transport: Any = None
        self._began = 0.0
        self._size = 0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._again()

    def connection_lost(self, _error: Exception | None) -> None:
        self._run.closed()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._size += len(body)

    def on_message_complete(self) -> None:
        took = time.perf_counter() - self._began
        self._run.answered(took, self._parser.get_status_code(), self._size)
        asyncio.get_running_loop().call_soon(self._again)

    def _again(self) -> None:
        message = self._run.next()
        if message is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._size = 0
        self._parser = httptools.HttpResponseParser(self)
        self._transport.write(message)


async def _send(port: int, run: _Run, connections: int) -> None:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    run.open = connections
    for _ in range(connections):
        await loop.create_connection(lambda: _Client(run), "127.0.0.1", port)
    await run.over.wait()
    took = time.perf_counter() - began
    ordered = sorted(run.seconds)
    print(
        json.dumps(
            {
                "requests": len(ordered),
                "seconds": round(took, 4),
                "p50_ms": round(1000 * ordered[len(ordered) // 2], 2),
                "p99_ms": round(1000 * ordered[int(len(ordered) * 0.99)], 2),
                "statuses": run.statuses,
                "sizes": sorted(run.sizes),
            }
        )
    )


def main() -> None:
    """Send requests from a file of bodies, a JSON text a line, over and over."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/graphql")
    parser.add_argument("--bodies", type=Path, required=True)
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--connections", type=int, default=50)
    given = parser.parse_args()
    bodies = given.bodies.read_bytes().splitlines()
    more = "".join(f"{header}\r\n" for header in given.header)
    run = _Run(bodies, given.requests, given.seconds, given.path, more)
    uvloop.run(_send(given.port, run, given.connections))


if __name__ == "__main__":
    main()
