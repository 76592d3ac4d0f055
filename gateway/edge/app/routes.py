"""Which door a request's path leads to."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from gateway.edge.app.parts import GatewayParts
from gateway.edge.app.probes import PROBES, probed
from gateway.edge.errors import RequestRefused
from gateway.edge.http.rates import Rates
from gateway.edge.mounts import MountPoint
from gateway.edge.operations import Operations
from gateway.edge.pages.explorer import Explorer
from gateway.edge.protocols.over_http import GraphQLDoor
from gateway.telemetry.exposition import exposing
from gateway.telemetry.tracing import Trace

__all__ = ["Routes"]

_RESERVED = re.compile(r"/(?:(?:api|graphql|metrics)(?:/|$)|\.)")
"""Paths that are never a page of the web app."""


class Routes:
    """The paths of one application."""

    def __init__(self, parts: GatewayParts, operations: Operations, rates: Rates) -> None:
        settings = parts.settings
        self.streams = frozenset({"/graphql", *(m.route for m in parts.mounts if m.streams)})
        """Routes whose answers last as long as the client likes."""
        self.quiet = PROBES.union({"/metrics"}, (m.route for m in parts.mounts if m.quiet))
        """Routes that are asked every few seconds, and of whose answers nothing is to be told."""
        self._rates = rates
        self._ready = parts.ready
        self._mounts = MountPoint(parts.mounts)
        self._site = parts.site
        self._shows_metrics = settings.metrics
        self._expose = parts.expose or exposing(parts.metrics.registry)
        self._explorer = Explorer(settings.explorer_operation) if settings.explorer else None
        self._graphql = GraphQLDoor(operations, rates, settings, self._explorer)

    async def serve(self, request: Request, scope: Scope, receive: Receive, send: Send) -> str:
        """Answer; the route, as metrics and traces are to call it."""
        path: str = scope["path"]
        if path in PROBES:
            await (await probed(path, self._ready))(scope, receive, send)
            return path
        try:
            self._rates.take(scope["state"]["address"])
        except RequestRefused as refused:
            response: Response = JSONResponse(refused.answer(), refused.status, refused.headers)
            await response(scope, receive, send)
            return "limited"
        if request.method == "OPTIONS" and path == "/graphql":
            await Response(status_code=204, headers={"allow": "GET, POST, OPTIONS"})(scope, receive, send)
            return path
        if (found := self._mounts.find(path)) is not None:
            mount, inner = found
            headers = _with_trace(scope["headers"], scope["state"]["trace"])
            await self._mounts.serve(mount, inner, {**scope, "headers": headers}, receive, send)
            return mount.route
        response, label = await self._answer(request, path)
        await response(scope, receive, send)
        return label

    async def _answer(self, request: Request, path: str) -> tuple[Response, str]:
        if path == "/graphql":
            if request.method not in {"GET", "POST"}:
                refused = RequestRefused(405, "METHOD_NOT_ALLOWED", "GraphQL is asked by GET or POST.")
                return JSONResponse(refused.answer(), 405, {"allow": "GET, POST"}), path
            return await self._graphql(request), path
        if path == "/metrics" and self._shows_metrics:
            told, kind = await self._expose(request.headers.get("accept", ""))
            return Response(told, headers={"content-type": kind}), path
        if request.method in {"GET", "HEAD"}:
            if self._explorer is not None and (file := self._explorer.file(request)) is not None:
                return file, "/graphql/explorer"
            page = None if _RESERVED.match(path) else self._site.serve(request)
            if page is not None:
                return page, "site"
        message = {"error": {"code": "NOT_FOUND", "message": "There is nothing here."}}
        return JSONResponse(message, 404), "unmatched"


def _with_trace(headers: list[tuple[bytes, bytes]], trace: Trace) -> list[tuple[bytes, bytes]]:
    """The headers for whoever answers in our place: the trace goes on from here."""
    ours = trace.headers()
    kept = [(name, value) for name, value in headers if name not in (b"traceparent", b"tracestate")]
    return [*kept, *((name.encode(), value.encode("latin-1")) for name, value in ours.items())]
