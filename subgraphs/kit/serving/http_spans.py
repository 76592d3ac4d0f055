"""The spans of requests over HTTP (https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server)."""

from __future__ import annotations

from typing import Any

from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from subgraphs.kit.telemetry.tracing import Tracer

__all__ = ["METHODS", "UNTRACED", "Traced"]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNTRACED = ("/health", "/metrics", "/ops/")
"""What probes, scrapes and operators' pages ask every few seconds, and of which nothing is to be told."""


class Traced:
    """A subgraph's HTTP doors, each request a span; what only watches is none."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNTRACED):
            return await self._app(scope, receive, send)
        parent = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"traceparent"), None)
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        with self._tracer.part(method, parent, kind=SpanKind.SERVER) as span:
            try:
                return await self._app(scope, receive, noted)
            finally:
                route = getattr(scope.get("route"), "path", None)
                if span.recording:
                    span.name = f"{method} {route}" if route else method
                    span.attributes = _attributes(scope, method, route, status)
                    if status >= 500:
                        span.error = str(status)


def _attributes(scope: Scope, method: str, route: str | None, status: int) -> dict[str, Any]:
    """Without the query, which may hold a signature, and without the client's address."""
    attributes: dict[str, Any] = {
        "http.request.method": method,
        "http.response.status_code": status,
        "network.protocol.version": scope.get("http_version", "1.1"),
        "url.path": scope["path"],
        "url.scheme": scope.get("scheme", "http"),
    }
    if route:
        attributes["http.route"] = route
    if server := scope.get("server"):
        attributes["server.address"], attributes["server.port"] = server[0], server[1] or 0
    if status >= 500:
        attributes["error.type"] = str(status)
    return attributes
