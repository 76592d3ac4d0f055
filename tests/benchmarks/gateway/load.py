"""A load generator that is cheap itself: keep-alive connections, one request at a time on each."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httptools
import uvloop

__all__ = ["Figures", "main"]


class _Client(asyncio.Protocol):
    def __init__(self, request: bytes, finished: Any) -> None:
        self._request = request
        self._finished = finished
        self._parser = httptools.HttpResponseParser(self)
        self._transport: Any = None
        self._began = 0.0
        self._size = 0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self.again()

    def again(self) -> None:
        self._began = time.perf_counter()
        self._size = 0
        self._parser = httptools.HttpResponseParser(self)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._size += len(body)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if self._finished(time.perf_counter() - self._began, status, self._size):
            asyncio.get_running_loop().call_soon(self.again)
        else:
            self._transport.close()


class Figures:
    """What a run saw."""

    def __init__(self, requests: int, connections: int) -> None:
        self.left = requests - connections
        self.open = connections
        self.seconds: list[float] = []
        self.statuses: dict[int, int] = {}
        self.sizes: set[int] = set()
        self.over = asyncio.Event()

    def finished(self, seconds: float, status: int, size: int) -> bool:
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if len(self.sizes) < 10:
            self.sizes.add(size)
        self.left -= 1
        if self.left >= 0:
            return True
        self.open -= 1
        if self.open == 0:
            self.over.set()
        return False


async def _run(port: int, path: str, body: bytes, requests: int, connections: int) -> None:
    head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\naccept: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    figures = Figures(requests, connections)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(
            lambda: _Client(head.encode() + body, figures.finished), "127.0.0.1", port
        )
    await figures.over.wait()
    took = time.perf_counter() - began
    ordered = sorted(figures.seconds)
    print(
        json.dumps(
            {
                "requests": len(ordered),
                "per_second": round(len(ordered) / took, 1),
                "p50_ms": round(1000 * ordered[len(ordered) // 2], 2),
                "p99_ms": round(1000 * ordered[int(len(ordered) * 0.99)], 2),
                "statuses": figures.statuses,
                "sizes": sorted(figures.sizes),
            }
        )
    )


def main() -> None:
    """Send one request many times over."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/graphql")
    parser.add_argument("--body", type=Path, required=True)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=50)
    given = parser.parse_args()
    uvloop.run(_run(given.port, given.path, given.body.read_bytes(), given.requests, given.connections))


if __name__ == "__main__":
    main()
