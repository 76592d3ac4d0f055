"""Requests to one origin: whole answers for fetches, streams both ways for proxying."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from gateway.transport.http.client import HOP_BY_HOP, Headers, HttpAnswer, Limits, Origin, Posted, PostTarget
from gateway.transport.http.exchange import Exchange
from gateway.transport.http.exchanging import ExchangingClient, Took
from gateway.transport.http.failures import BadRequest, Interrupted
from gateway.transport.http.http1.bodies import send_body
from gateway.transport.http.http1.connection import Connection
from gateway.transport.http.http1.pool import Pool
from gateway.transport.http.http1.posting import Poster

__all__ = ["HttpClient"]


class HttpClient(ExchangingClient):
    """A pool to one origin and what is asked through it; ``path`` is always the origin's own."""

    def __init__(
        self, base_url: str, *, limits: Limits | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(limits)
        self.origin = Origin.of(base_url)
        self._pool = Pool(self.origin, self.limits, tls)
        self._poster = Poster(self._pool, self.limits, self._post_again)

    async def request(
        self, method: str, path: str, headers: Headers, body: bytes = b"", *, retry: bool = False
    ) -> HttpAnswer:
        """Send a request and read its answer; raises HttpFailure.

        ``retry``: once more on a new connection, where a reused one ended before any byte of an answer.
        """
        length = len(body) if body or method == "POST" else None
        message = self._head(method, path, headers, length) + body
        return await self._in_time(
            lambda fresh: self._whole(method, message, fresh=fresh), sure=False, retry=retry
        )

    def post_to(self, path: str, headers: Headers) -> PostTarget:
        """Where many small POST requests go that have ``headers`` in common."""
        return _Target(self, self._poster, path, headers)

    def post_head(self, path: str, headers: Headers) -> bytes:
        """The head of POST requests up to the length of the body; raises HttpFailure."""
        return self._head("POST", path, headers, None).removesuffix(b"\r\n") + b"content-length: "

    def adopt(self, connection: Connection) -> None:
        """Use an open connection to the origin that somebody else made."""
        self._pool.adopt(connection)

    @property
    def connected(self) -> bool:
        """Whether a connection is open."""
        return self._pool.connected

    async def close(self) -> None:
        """Close all connections."""
        self._poster.close()
        self._pool.close()

    def _head(
        self, method: str, path: str, headers: Headers, length: int | None, *, chunked: bool = False
    ) -> bytes:
        given = headers.items() if isinstance(headers, Mapping) else headers
        lines = [f"{method} {path} HTTP/1.1", f"host: {self.origin.authority()}"]
        lines += [f"{name}: {value}" for name, value in given if name.lower() not in HOP_BY_HOP]
        if length is not None:
            lines.append(f"content-length: {length}")
        elif chunked:
            lines.append("transfer-encoding: chunked")
        text = "\r\n".join(lines) + "\r\n\r\n"
        if text.count("\n") != len(lines) + 1 or text.count("\r") != len(lines) + 1 or "\0" in text:
            raise BadRequest("a header holds a line break")
        if any(character in f"{method}{path}" for character in " \t\r\n"):
            raise BadRequest("the path holds a space")
        try:
            return text.encode("latin-1")
        except UnicodeEncodeError as error:
            raise BadRequest("a header is not Latin-1") from error

    async def _post_again(self, message: bytes, fresh: bool) -> tuple[int, bytes]:
        answer = await self._in_time(
            lambda sure: self._whole("POST", message, fresh=sure), sure=fresh, retry=False
        )
        return answer.status, answer.body

    async def _whole(self, method: str, message: bytes, *, fresh: bool) -> HttpAnswer:
        connection = await self._pool.acquire(fresh=fresh)
        reused = connection.used > 0
        exchange = Exchange(head_only=method == "HEAD")
        try:
            connection.begin(exchange, message)
            return await self._read(exchange, connection.resume)
        except Interrupted as error:
            if reused:
                raise
            raise Interrupted(str(error)) from error
        finally:
            self._pool.release(connection)

    @asynccontextmanager
    async def _streaming(
        self,
        method: str,
        path: str,
        headers: Headers,
        body: AsyncIterator[bytes] | None,
        length: int | None,
    ) -> AsyncIterator[tuple[Exchange, Took]]:
        head = self._head(method, path, headers, length, chunked=body is not None)
        # What can be sent only once goes where no idle connection can let it down.
        connection = await self._pool.acquire(fresh=body is not None or method not in ("GET", "HEAD"))
        exchange = Exchange(head_only=method == "HEAD")
        sender: asyncio.Task[None] | None = None
        try:
            connection.begin(exchange, head)
            if body is not None:
                sender = asyncio.create_task(send_body(connection, exchange, body, length))
            await self._await_head(exchange)
            yield exchange, connection.resume
        finally:
            if sender is not None and not sender.done():
                connection.abort()  # the answer came before the whole request was sent
                sender.cancel()
            self._pool.release(connection)
            if sender is not None:
                await asyncio.wait([sender])


class _Target(PostTarget):
    def __init__(self, client: HttpClient, poster: Poster, path: str, headers: Headers) -> None:
        self._client = client
        self._poster = poster
        self._path = path
        self._headers = headers
        self._head: bytes | None = None

    def post(
        self, headers: Mapping[str, str], body: bytes, done: Posted, *, retry: bool
    ) -> Callable[[], None]:
        varying = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        if varying.count("\n") != len(headers) or varying.count("\r") != len(headers):
            raise BadRequest("a header holds a line break")
        if self._head is None:
            self._head = self._client.post_head(self._path, self._headers)
        message = b"%b%d\r\n%b\r\n%b" % (self._head, len(body), varying.encode("latin-1"), body)
        return self._poster.post(message, done, retry=retry)
