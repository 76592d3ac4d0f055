"""The metrics of workers, told by their parent alone: by HTTP on a port of their own, and through any worker.

The parent has one thread, which forks and must not be held: whoever asks it has two seconds, workers have one each time.
A worker tells every few seconds without being asked: what it counted since is all that dies with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import multiprocessing.connection
import threading
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from prometheus_client import CollectorRegistry

from gateway.telemetry.deltas import Changes, Family, Merged
from gateway.telemetry.exposition import Expose, encode, wants_openmetrics

__all__ = ["WorkerEnds", "WorkerMetrics"]

_UNASKED_SECONDS = 5.0
_WORKERS_SECONDS = 1.0
_SCRAPER_SECONDS = 2.0


class _Told(NamedTuple):
    asked: bool
    changes: list[Family]


class WorkerEnds(NamedTuple):
    """A worker's ends of two pipes: on one it tells what it counted, on the other it asks what all did."""

    told: Connection
    asking: Connection

    def serve(self, registry: CollectorRegistry, every: float = _UNASKED_SECONDS) -> None:
        """Tell the parent from a thread, when it asks and after so many seconds, until it is gone."""
        changes = Changes(registry)

        def tell() -> None:
            with contextlib.suppress(EOFError, OSError):
                while True:
                    asked = self.told.poll(every)
                    if asked:
                        self.told.recv_bytes()
                    self.told.send(_Told(asked, changes.take()))

        threading.Thread(target=tell, name="metrics", daemon=True).start()

    def expose(self) -> Expose:
        """``/metrics`` of any worker is that of all."""
        turn = threading.Lock()

        def ask(accept: str) -> tuple[bytes, str]:
            with turn:
                self.asking.send(accept)
                answer: tuple[bytes, str] = self.asking.recv()
                return answer

        async def expose(accept: str) -> tuple[bytes, str]:
            return await asyncio.to_thread(ask, accept)

        return expose


class WorkerMetrics:
    """The parent's side."""

    def __init__(self, host: str, port: int | None) -> None:
        """Listens on ``port``, where there is one. Raises OSError."""
        self._merged = Merged()
        self._told: dict[int, Connection] = {}
        self._asking: dict[int, Connection] = {}
        self._asked: set[int] = set()
        """Workers that have not answered yet: asked again and again, one that is stuck would hold us by a full pipe."""
        self._server = None if port is None else _Server(host, port, self)

    def ends(self, number: int) -> WorkerEnds:
        """New pipes for a worker about to be started."""
        self._told[number], told = multiprocessing.Pipe()
        self._asking[number], asking = multiprocessing.Pipe()
        return WorkerEnds(told, asking)

    def left(self, number: int) -> None:
        """A worker is gone; what it told last may not have been read yet."""
        told = self._told[number]
        with contextlib.suppress(EOFError, OSError):
            while told.poll():
                self._take(number, told)
        self._merged.forget(str(number))
        self._asked.discard(number)
        for pipes in (self._told, self._asking):
            if (pipe := pipes.pop(number, None)) is not None:
                pipe.close()

    def close(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.server_close()

    def waiting_on(self) -> list[Any]:
        """What becomes readable when somebody asks, or a worker tells."""
        pipes = [*self._asking.values(), *self._told.values()]
        return [*pipes, *([self._server] if self._server else ())]

    def serve(self, ready: Iterable[Any]) -> None:
        """Hear those who tell, and answer those who asked."""
        for number, pipe in self._told.items():
            if pipe in ready:
                with contextlib.suppress(EOFError, OSError):
                    self._take(number, pipe)
        for one in ready:
            if one is self._server and self._server is not None:
                self._server.handle_request()
            elif one in self._asking.values():
                with contextlib.suppress(EOFError, OSError):
                    one.send(self.told(one.recv()))

    def told(self, accept: str) -> tuple[bytes, str]:
        """What all workers counted, and the content type; those that do not answer are told as of before."""
        asked = {pipe: number for number, pipe in self._told.items() if number in self._asked or _ask(pipe)}
        self._asked.update(asked.values())
        until = time.monotonic() + _WORKERS_SECONDS
        while asked and (left := until - time.monotonic()) > 0:
            answered: list[Any] = multiprocessing.connection.wait(list(asked), timeout=left)
            for pipe in answered:
                try:
                    if self._take(asked[pipe], pipe):
                        del asked[pipe]
                except (EOFError, OSError):
                    del asked[pipe]
        return encode(self._merged, openmetrics=wants_openmetrics(accept))

    def _take(self, number: int, pipe: Connection) -> bool:
        """Add what a worker tells next; whether it was asked. Raises EOFError, OSError."""
        told: _Told = pipe.recv()
        self._merged.add(str(number), told.changes)
        if told.asked:
            self._asked.discard(number)
        return told.asked


def _ask(pipe: Connection) -> bool:
    with contextlib.suppress(OSError):
        pipe.send_bytes(b"?")
        return True
    return False


class _Server(HTTPServer):
    def __init__(self, host: str, port: int, metrics: WorkerMetrics) -> None:
        class Door(BaseHTTPRequestHandler):
            timeout = _SCRAPER_SECONDS

            def do_GET(self) -> None:
                told, kind = metrics.told(self.headers.get("accept", ""))
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_: Any) -> None:
                """Nobody wants to know."""

        super().__init__((host, port), Door)
