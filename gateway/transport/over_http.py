"""A subgraph over HTTP: one POST a fetch, multipart where there are uploads, WebSocket for subscriptions."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from gateway.telemetry.fetches import Peer
from gateway.transport.answers import MALFORMED, encode_request, read_body
from gateway.transport.flights import Flights
from gateway.transport.http.client import Client, HttpAnswer, Limits, Origin
from gateway.transport.http.failures import HttpFailure
from gateway.transport.http.negotiated import MakeTls, open_client
from gateway.transport.multipart import find_uploads, multipart_body
from gateway.transport.protocol import (
    Encoded,
    PreparedRequest,
    Reply,
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphTransport,
    SubgraphUnavailable,
)
from gateway.transport.sharing import InFlight, distinguishing
from gateway.transport.subscriptions import subscribe_over_websocket

__all__ = ["HttpObserver", "HttpTransport"]

_ACCEPT = "application/graphql-response+json, application/json;q=0.9"
_POST_HEADERS = {"accept": _ACCEPT, "accept-encoding": "gzip", "content-type": "application/json"}


HttpObserver: TypeAlias = Callable[[str, str, float], None]
"""Told of every request: the subgraph's host, the status (empty where there was no answer), the seconds."""


def _not_observed(host: str, status: str, seconds: float) -> None:
    """Nobody listens."""


class HttpTransport(SubgraphTransport):
    """SubgraphTransport over HTTP, on clients of its own unless it is given one to its origin: one of them for uploads,
    which may wait long for their turn there, so that they keep no connection from anything else.

    It speaks HTTP/1.1. With ``http2`` the subgraph chooses between that and HTTP/2 over TLS; in clear text it is known
    to speak HTTP/2.
    With ``share`` a query equal to one in flight (body and headers, but for the trace) gets that one's answer. One
    whose trace is kept gets only that of another one kept: otherwise what the subgraph did would be missing in it.
    """

    def __init__(
        self,
        name: str,
        url: str,
        client: Client | None = None,
        *,
        limits: Limits | None = None,
        tls: MakeTls = ssl.create_default_context,
        http2: bool = False,
        share: bool = False,
        observer: HttpObserver | None = None,
    ) -> None:
        self.name = name
        self._url = url
        self._observer = observer or _not_observed
        self._make_tls = tls
        self._socket_tls: ssl.SSLContext | None = None
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.peer = _peer(url, http2=http2)
        self.shares = share
        self._own_client = client is None
        self._client = client or open_client(url, limits, tls, http2=http2)
        self._uploads = client or open_client(url, limits, tls, http2=http2)
        self._limits = self._client.limits
        self._in_flight: InFlight[HttpAnswer] | None = InFlight() if share else None
        self._flights = Flights() if share else None
        self._posts = self._client.post_to(self._path, _POST_HEADERS)

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        """POST the request; raises SubgraphUnavailable."""
        began, status = time.perf_counter(), ""
        try:
            answer = await self._send(request)
            status = str(answer.status)
        except HttpFailure as error:
            raise SubgraphUnavailable(self.name, str(error), code=error.code) from error
        finally:
            self._observer(self._host, status, time.perf_counter() - began)
        return read_body(self.name, answer.status, answer.body)

    def send(self, request: PreparedRequest, done: Callable[[Reply], None]) -> Callable[[], None]:
        """POST a body that is encoded already, without a task where a connection is idle."""
        if request.kind != "query" or self._flights is None:
            return self._post(request, done)
        return self._flights.share(
            (request.body, distinguishing(request.headers)), lambda one: self._post(request, one), done
        )

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        """Open a subscription of its own."""
        if self._socket_tls is None and self._url.startswith("https"):
            self._socket_tls = self._make_tls()  # a WebSocket begins in HTTP/1.1, so nothing else is offered
        events = subscribe_over_websocket(self.name, self._url, request, self._limits, self._socket_tls)
        try:
            async for event in events:
                yield event
        finally:
            await events.aclose()  # type: ignore[attr-defined] # a generator

    def renew(self) -> None:
        """Let queries from now on be sent, whatever is under way."""
        if self._flights is not None and self._in_flight is not None:
            self._flights.renew()
            self._in_flight.renew()

    async def close(self) -> None:
        """Close the client, if it is this transport's own."""
        if self._own_client:
            await self._client.close()
            await self._uploads.close()

    def _post(self, request: PreparedRequest, done: Callable[[Reply], None]) -> Callable[[], None]:
        began = time.perf_counter()

        def ended(status: int, body: bytes | HttpFailure) -> None:
            took = time.perf_counter() - began
            if isinstance(body, HttpFailure):
                self._observer(self._host, "", took)
                done(SubgraphUnavailable(self.name, str(body), code=body.code))
            else:
                self._observer(self._host, str(status), took)
                done(Encoded(status, body))

        try:
            return self._posts.post(request.headers, request.body, ended, retry=request.kind == "query")
        except HttpFailure as error:
            asyncio.get_running_loop().call_soon(ended, 0, error)
            return lambda: None

    async def _send(self, request: SubgraphRequest) -> HttpAnswer:
        headers = {**request.headers, "accept": _ACCEPT, "accept-encoding": "gzip"}
        if request.kind != "query":
            uploads = find_uploads(request.variables)
            if uploads:
                body = multipart_body(_as_multipart(request), uploads)
                headers |= {"content-type": body.content_type, "apollo-require-preflight": "true"}
                return await self._uploads.upload("POST", self._path, headers, body.chunks, body.length)
        headers["content-type"] = "application/json"
        encoded = self._encode(request)
        if request.kind != "query":
            return await self._client.request("POST", self._path, headers, encoded)
        if self._in_flight is None:
            return await self._client.request("POST", self._path, headers, encoded, retry=True)
        key = (encoded, distinguishing(request.headers))
        return await self._in_flight.share(
            key, lambda _: self._client.request("POST", self._path, headers, encoded, retry=True)
        )

    def _encode(self, request: SubgraphRequest) -> bytes:
        try:
            return encode_request(request)
        except (TypeError, ValueError, OverflowError) as error:
            raise SubgraphUnavailable(self.name, "the variables are no JSON", code=MALFORMED) from error


def _as_multipart(request: SubgraphRequest) -> dict[str, Any]:
    operation: dict[str, Any] = {"variables": request.variables, "query": request.query}
    if request.operation_name is not None:
        operation["operationName"] = request.operation_name
    return operation


def _peer(url: str, *, http2: bool) -> Peer | None:
    """None for what is no address of HTTP."""
    try:
        origin = Origin.of(url)
    except ValueError:
        return None
    path = urlsplit(url).path or "/"
    scheme = "https" if origin.tls else "http"
    version = ("" if origin.tls else "2") if http2 else "1.1"
    return Peer(origin.host, origin.port, f"{scheme}://{origin.authority()}{path}", path, version)
