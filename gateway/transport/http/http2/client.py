"""Requests to one origin over HTTP/2: a stream each, on a connection or a few."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from gateway.transport.http.client import Headers, HttpAnswer, Limits, Origin, Posted, PostTarget
from gateway.transport.http.exchange import Exchange
from gateway.transport.http.exchanging import ExchangingClient, Took
from gateway.transport.http.failures import HttpFailure, Interrupted
from gateway.transport.http.http1 import Connection
from gateway.transport.http.http2.connection import Http2Connection
from gateway.transport.http.http2.fields import Fields, length_field, request_fields, written
from gateway.transport.http.http2.opening import Adopt
from gateway.transport.http.http2.pool import Connections
from gateway.transport.http.http2.stream import Stream
from gateway.transport.http.measured import measured
from gateway.transport.http.posted import PostTasks, StatusAndBody

__all__ = ["Http2Client"]


def _not_adopted(connection: Connection) -> None:
    connection.abort()


class Http2Client(ExchangingClient):
    """HTTP/2 known beforehand in clear text; with ``tls``, which offers it, ``adopt`` gets what is not HTTP/2."""

    def __init__(
        self,
        base_url: str,
        *,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
        adopt: Adopt = _not_adopted,
    ) -> None:
        super().__init__(limits)
        self.origin = Origin.of(base_url)
        self._connections = Connections(self.origin, self.limits, tls, adopt)
        self._tasks = PostTasks()

    @property
    def connected(self) -> bool:
        """Whether a connection takes requests."""
        return self._connections.connected

    async def connect(self) -> None:
        """Open a connection where there is none; raises HttpFailure, of it Declined where HTTP/2 is not spoken."""
        await self._connections.connect()

    async def request(
        self, method: str, path: str, headers: Headers, body: bytes = b"", *, retry: bool = False
    ) -> HttpAnswer:
        fields = request_fields(self.origin, method, path, headers)
        if body or method == "POST":
            fields.append(length_field(len(body)))
        return await self.ask(method, fields, body, retry=retry)

    async def ask(self, method: str, fields: Fields, body: bytes, *, retry: bool) -> HttpAnswer:
        """Send a request whose fields are written; raises HttpFailure. ``retry``: see ``request``."""
        return await self._in_time(
            lambda sure: self._whole(method, fields, body, sure=sure), sure=not retry, retry=retry
        )

    def post_to(self, path: str, headers: Headers) -> PostTarget:
        return _Target(self, self._tasks, path, headers)

    async def close(self) -> None:
        self._tasks.close()
        self._connections.close()

    async def _whole(self, method: str, fields: Fields, body: bytes, *, sure: bool) -> HttpAnswer:
        connection = await self._connections.acquire(sure=sure)
        stream = Stream(head_only=method == "HEAD")
        connection.begin(stream, fields, body)
        try:
            return await self._read(stream, lambda: connection.took(stream))
        finally:
            connection.cancel(stream)

    @asynccontextmanager
    async def _streaming(
        self,
        method: str,
        path: str,
        headers: Headers,
        body: AsyncIterator[bytes] | None,
        length: int | None,
    ) -> AsyncIterator[tuple[Exchange, Took]]:
        fields = request_fields(self.origin, method, path, headers)
        if length is not None:
            fields.append(length_field(length))
        # What can be sent only once goes where the peer is known to be.
        connection = await self._connections.acquire(sure=body is not None or method not in ("GET", "HEAD"))
        stream = Stream(head_only=method == "HEAD")
        sender: asyncio.Task[None] | None = None
        connection.begin(stream, fields, b"" if body is None else None)
        try:
            if body is not None:
                sender = asyncio.create_task(_send(connection, stream, measured(body, length)))
            await self._await_head(stream)
            yield stream, lambda: connection.took(stream)
        finally:
            connection.cancel(stream)
            if sender is not None:
                sender.cancel()
                await asyncio.wait([sender])


class _Target(PostTarget):
    def __init__(self, client: Http2Client, tasks: PostTasks, path: str, headers: Headers) -> None:
        self._client = client
        self._tasks = tasks
        self._path = path
        self._headers = headers
        self._fields: Fields | None = None

    def post(
        self, headers: Mapping[str, str], body: bytes, done: Posted, *, retry: bool
    ) -> Callable[[], None]:
        if self._fields is None:
            self._fields = request_fields(self._client.origin, "POST", self._path, self._headers)
        fields = [*self._fields, *written(headers), length_field(len(body))]
        return self._tasks.start(self._answer(fields, body, retry), done)

    async def _answer(self, fields: Fields, body: bytes, retry: bool) -> StatusAndBody:
        answer = await self._client.ask("POST", fields, body, retry=retry)
        return answer.status, answer.body


async def _send(connection: Http2Connection, stream: Stream, body: AsyncIterator[bytes]) -> None:
    """Send a body as it is produced; what it raises fails the stream."""
    try:
        async for chunk in body:
            await connection.send(stream, chunk)
        connection.finish(stream)
    except HttpFailure as error:
        stream.fail(error)
        connection.cancel(stream)
    except Exception as error:
        failure = Interrupted("the request ended early")
        failure.__cause__ = error
        stream.fail(failure)
        connection.cancel(stream)
