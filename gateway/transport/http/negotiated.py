"""HTTP/1.1, unless HTTP/2 is asked for: then over TLS both are offered, and the server chooses (RFC 7301).

A fetch over HTTP/2 costs about eight times what it costs over HTTP/1.1: its frames, windows and packed fields are
worked out in Python. So a server that could speak it is not spoken to in it for that.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from gateway.transport.http.client import (
    Client,
    Headers,
    HttpAnswer,
    HttpStream,
    Limits,
    Origin,
    Posted,
    PostTarget,
)
from gateway.transport.http.http1 import Connection, HttpClient
from gateway.transport.http.http2 import Declined, Http2Client
from gateway.transport.http.posted import PostTasks, StatusAndBody

__all__ = ["MakeTls", "NegotiatedClient", "open_client"]

MakeTls = Callable[[], ssl.SSLContext]
"""Makes a new context: what is offered is part of it, so none is shared."""


def open_client(url: str, limits: Limits | None, tls: MakeTls, *, http2: bool) -> Client:
    """The client for a URL; ``http2`` offers HTTP/2 over TLS, and speaks it in clear text. Raises ValueError."""
    over_tls = Origin.of(url).tls
    if not http2:
        return HttpClient(url, limits=limits, tls=_only_http1(tls) if over_tls else None)
    return NegotiatedClient(url, limits=limits, tls=tls) if over_tls else Http2Client(url, limits=limits)


def _only_http1(make: MakeTls) -> ssl.SSLContext:
    context = make()
    context.set_alpn_protocols(["http/1.1"])
    return context


class NegotiatedClient(Client):
    """HTTP/2 and HTTP/1.1 to one origin. Which of them is asked anew whenever no connection is open."""

    def __init__(
        self, base_url: str, *, limits: Limits | None = None, tls: MakeTls = ssl.create_default_context
    ) -> None:
        self.limits = limits or Limits()
        self._url = base_url
        self._make_tls = tls
        offering = tls()
        offering.set_alpn_protocols(["h2", "http/1.1"])
        self.http2 = Http2Client(base_url, limits=self.limits, tls=offering, adopt=self._adopt)
        self.http1: HttpClient | None = None
        self._tasks = PostTasks()

    def known(self) -> Client | None:
        """The client of the protocol that is spoken, while a connection is open."""
        if self.http2.connected:
            return self.http2
        return self.http1 if self.http1 is not None and self.http1.connected else None

    async def chosen(self) -> Client:
        """The client of the protocol that the server chose; raises HttpFailure."""
        known = self.known()
        if known is not None:
            return known
        try:
            await self.http2.connect()
        except Declined:
            if self.http1 is not None:
                return self.http1
            raise
        return self.http2

    async def request(
        self, method: str, path: str, headers: Headers, body: bytes = b"", *, retry: bool = False
    ) -> HttpAnswer:
        client = await self.chosen()
        try:
            return await client.request(method, path, headers, body, retry=retry)
        except Declined:  # the connection had been left for its age, and the next one chose otherwise
            return await (await self.chosen()).request(method, path, headers, body, retry=retry)

    def post_to(self, path: str, headers: Headers) -> PostTarget:
        return _Target(self, self._tasks, path, dict(headers))

    async def upload(
        self, method: str, path: str, headers: Headers, body: AsyncIterator[bytes], length: int | None
    ) -> HttpAnswer:
        return await (await self.chosen()).upload(method, path, headers, body, length)

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, headers: Headers, body: AsyncIterator[bytes] | None = None
    ) -> AsyncIterator[HttpStream]:
        client = await self.chosen()
        async with client.stream(method, path, headers, body) as streamed:
            yield streamed

    async def close(self) -> None:
        self._tasks.close()
        await self.http2.close()
        if self.http1 is not None:
            await self.http1.close()

    def _adopt(self, connection: Connection) -> None:
        if self.http1 is None:
            self.http1 = HttpClient(self._url, limits=self.limits, tls=_only_http1(self._make_tls))
        self.http1.adopt(connection)


class _Target(PostTarget):
    def __init__(
        self, client: NegotiatedClient, tasks: PostTasks, path: str, headers: dict[str, str]
    ) -> None:
        self._client = client
        self._tasks = tasks
        self._path = path
        self._headers = headers
        self._http1: PostTarget | None = None

    def post(
        self, headers: Mapping[str, str], body: bytes, done: Posted, *, retry: bool
    ) -> Callable[[], None]:
        http1 = self._client.http1
        if http1 is None or self._client.known() is not http1:
            return self._tasks.start(self._answer(headers, body, retry), done)
        if self._http1 is None:
            self._http1 = http1.post_to(self._path, self._headers)
        return self._http1.post(headers, body, done, retry=retry)

    async def _answer(self, headers: Mapping[str, str], body: bytes, retry: bool) -> StatusAndBody:
        together = {**self._headers, **headers}
        answer = await self._client.request("POST", self._path, together, body, retry=retry)
        return answer.status, answer.body
