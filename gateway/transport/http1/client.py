"""Requests to one origin: whole answers for fetches, streams both ways for proxying."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from gateway.transport.client import (
    HOP_BY_HOP,
    Client,
    Headers,
    HttpAnswer,
    HttpStream,
    Limits,
    Origin,
    Posted,
    PostTarget,
    as_text,
    stated_length,
)
from gateway.transport.coding import decoded
from gateway.transport.exchange import Exchange
from gateway.transport.failures import BadRequest, Interrupted, TimedOut, TooLarge
from gateway.transport.http1.bodies import send_body
from gateway.transport.http1.connection import Connection
from gateway.transport.http1.pool import Pool
from gateway.transport.http1.posting import Poster

__all__ = ["HttpClient"]


class HttpClient(Client):
    """A pool to one origin and what is asked through it; ``path`` is always the origin's own."""

    def __init__(
        self, base_url: str, *, limits: Limits | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.limits = limits or Limits()
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
        try:
            async with asyncio.timeout(self.limits.total_seconds):
                try:
                    return await self._whole(method, message, fresh=False)
                except Interrupted as error:
                    if not (retry and error.untouched):
                        raise
                return await self._whole(method, message, fresh=True)
        except TimeoutError as error:
            raise TimedOut("not in time") from error

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

    async def upload(
        self, method: str, path: str, headers: Headers, body: AsyncIterator[bytes], length: int | None
    ) -> HttpAnswer:
        """Send a body as it is produced, and read the whole answer; raises HttpFailure. Never sent twice."""
        try:
            async with (
                asyncio.timeout(self.limits.upload_seconds),
                self._streaming(method, path, headers, body, length) as (exchange, connection),
            ):
                return await self._read(exchange, connection)
        except TimeoutError as error:
            raise TimedOut("not in time") from error

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, headers: Headers, body: AsyncIterator[bytes] | None = None
    ) -> AsyncIterator[HttpStream]:
        """Proxy a request: both bodies flow as the other side takes them; leaving early closes the connection.

        A ``content-length`` among ``headers`` is the body's; without one the body is sent chunked.
        Headers that are between two neighbours only are left out.
        """
        given = list(headers.items() if isinstance(headers, Mapping) else headers)
        stated = stated_length(given)
        length = stated if body is not None else None
        async with self._streaming(method, path, given, body, length) as (exchange, connection):
            yield HttpStream(exchange.status, as_text(exchange.headers), self._chunks(exchange, connection))

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
        try:
            async with asyncio.timeout(self.limits.total_seconds):
                answer = await self._whole("POST", message, fresh=fresh)
        except TimeoutError as error:
            raise TimedOut("not in time") from error
        return answer.status, answer.body

    async def _whole(self, method: str, message: bytes, *, fresh: bool) -> HttpAnswer:
        connection = await self._pool.acquire(fresh=fresh)
        reused = connection.used > 0
        exchange = Exchange(asyncio.get_running_loop(), head_only=method == "HEAD")
        try:
            connection.begin(exchange, message)
            return await self._read(exchange, connection)
        except Interrupted as error:
            if reused:
                raise
            raise Interrupted(str(error)) from error
        finally:
            self._pool.release(connection)

    async def _read(self, exchange: Exchange, connection: Connection) -> HttpAnswer:
        parts: list[bytes] = []
        size = 0
        while True:
            parts.extend(exchange.chunks)
            size += exchange.take_all()
            if size > self.limits.answer_bytes:
                raise TooLarge("its answer is too large")
            if exchange.done:
                break
            connection.resume()
            await exchange.wait()
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        coding = exchange.header(b"content-encoding")
        if coding is not None and body:
            body = decoded(body, coding, self.limits.answer_bytes)
        return HttpAnswer(exchange.status, as_text(exchange.headers), body)

    @asynccontextmanager
    async def _streaming(
        self,
        method: str,
        path: str,
        headers: Headers,
        body: AsyncIterator[bytes] | None,
        length: int | None,
    ) -> AsyncIterator[tuple[Exchange, Connection]]:
        head = self._head(method, path, headers, length, chunked=body is not None)
        # What can be sent only once goes where no idle connection can let it down.
        connection = await self._pool.acquire(fresh=body is not None or method not in ("GET", "HEAD"))
        exchange = Exchange(asyncio.get_running_loop(), head_only=method == "HEAD")
        sender: asyncio.Task[None] | None = None
        try:
            connection.begin(exchange, head)
            if body is not None:
                sender = asyncio.create_task(send_body(connection, exchange, body, length))
            await self._await_head(exchange)
            yield exchange, connection
        finally:
            if sender is not None and not sender.done():
                connection.abort()  # the answer came before the whole request was sent
                sender.cancel()
            self._pool.release(connection)
            if sender is not None:
                await asyncio.wait([sender])

    async def _await_head(self, exchange: Exchange) -> None:
        try:
            async with asyncio.timeout(self.limits.upload_seconds):
                while not exchange.has_head:
                    await exchange.wait()
        except TimeoutError as error:
            raise TimedOut("not in time") from error

    async def _chunks(self, exchange: Exchange, connection: Connection) -> AsyncIterator[bytes]:
        while True:
            while exchange.chunks:
                chunk = exchange.chunks.popleft()
                exchange.buffered -= len(chunk)
                if not exchange.chunks:
                    connection.resume()
                yield chunk
            if exchange.done:
                return
            try:
                async with asyncio.timeout(self.limits.total_seconds):
                    await exchange.wait()
            except TimeoutError as error:
                raise TimedOut("not in time") from error


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
