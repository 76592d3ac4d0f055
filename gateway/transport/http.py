"""A subgraph over HTTP: one POST a fetch, multipart where there are uploads, WebSocket for subscriptions."""

from __future__ import annotations

import ssl
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from gateway.transport.answers import MALFORMED, encode_json, read_body
from gateway.transport.http1 import HttpAnswer, HttpClient, HttpFailure, Limits
from gateway.transport.multipart import find_uploads, multipart_body
from gateway.transport.protocol import SubgraphAnswer, SubgraphRequest, SubgraphUnavailable
from gateway.transport.sharing import InFlight
from gateway.transport.subscriptions import subscribe_over_websocket

__all__ = ["HttpObserver", "HttpTransport"]

_ACCEPT = "application/graphql-response+json, application/json;q=0.9"


HttpObserver: TypeAlias = Callable[[str, str, float], None]
"""Told of every request: the subgraph's host, the status (empty where there was no answer), the seconds."""


def _not_observed(host: str, status: str, seconds: float) -> None:
    """Nobody listens."""


class HttpTransport:
    """SubgraphTransport over HTTP/1.1, on a client of its own unless it is given one to its origin.

    With ``share`` a query equal to one in flight (body and headers, but for the trace) gets that one's answer.
    """

    def __init__(
        self,
        name: str,
        url: str,
        client: HttpClient | None = None,
        *,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
        share: bool = False,
        observer: HttpObserver = _not_observed,
    ) -> None:
        self.name = name
        self._url = url
        self._observer = observer
        self._tls = tls
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._own_client = client is None
        self._client = client or HttpClient(url, limits=limits, tls=tls)
        self._limits = self._client.limits
        self._in_flight: InFlight[HttpAnswer] | None = InFlight() if share else None

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

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        """Open a subscription of its own."""
        events = subscribe_over_websocket(self.name, self._url, request, self._limits, self._tls)
        try:
            async for event in events:
                yield event
        finally:
            await events.aclose()  # type: ignore[attr-defined] # a generator

    async def close(self) -> None:
        """Close the client, if it is this transport's own."""
        if self._own_client:
            await self._client.close()

    async def _send(self, request: SubgraphRequest) -> HttpAnswer:
        operation: dict[str, Any] = {"query": request.query}
        if request.variables:
            operation["variables"] = request.variables
        if request.operation_name is not None:
            operation["operationName"] = request.operation_name
        headers = {**request.headers, "accept": _ACCEPT, "accept-encoding": "gzip"}
        if request.kind != "query":
            uploads = find_uploads(request.variables)
            if uploads:
                body = multipart_body({"variables": {}, **operation}, uploads)
                headers |= {"content-type": body.content_type, "apollo-require-preflight": "true"}
                return await self._client.upload("POST", self._path, headers, body.chunks, body.length)
        headers["content-type"] = "application/json"
        encoded = self._encode(operation)
        if request.kind != "query":
            return await self._client.request("POST", self._path, headers, encoded)
        if self._in_flight is None:
            return await self._client.request("POST", self._path, headers, encoded, retry=True)
        told = sorted((k, v) for k, v in request.headers.items() if k != "traceparent")
        key = (encoded, tuple(told))
        return await self._in_flight.share(
            key, lambda: self._client.request("POST", self._path, headers, encoded, retry=True)
        )

    def _encode(self, operation: dict[str, Any]) -> bytes:
        try:
            return encode_json(operation)
        except (TypeError, ValueError, OverflowError) as error:
            raise SubgraphUnavailable(self.name, "the variables are no JSON", code=MALFORMED) from error
