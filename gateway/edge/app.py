"""The gateway as one ASGI application: its doors, and what every request passes on the way to them."""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from gateway.config import GatewaySettings
from gateway.edge.engine import Engine
from gateway.edge.errors import RequestRefused
from gateway.edge.http.addresses import ClientAddresses
from gateway.edge.http.rates import Rates
from gateway.edge.http.requests import EdgeRequest
from gateway.edge.identity.access import Access, Caller, IdentitySigner, TokenRules
from gateway.edge.mounts import Mount, MountPoint
from gateway.edge.operations import Ended, Operations
from gateway.edge.pages.explorer import Explorer
from gateway.edge.pages.site import Site
from gateway.edge.protocols.over_http import GraphQLDoor
from gateway.edge.protocols.websocket import WebSocketDoor
from gateway.telemetry.exposition import Expose, exposing
from gateway.telemetry.lines import WaitingLines
from gateway.telemetry.logs import Pseudonyms
from gateway.telemetry.metrics import GatewayMetrics
from gateway.telemetry.tracing import NOT_KEPT, HttpEnd, Trace, Tracing

__all__ = ["GatewayApp", "GatewayParts"]

_log = logging.getLogger("gateway.access")
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))


async def _nothing_to_check() -> Sequence[str]:
    """A bare gateway stands on no server of its own."""
    return ()


@dataclass(frozen=True)
class GatewayParts:
    """What an application is put together from."""

    engine: Callable[[], Engine]
    settings: GatewaySettings
    metrics: GatewayMetrics
    access: Access = field(default_factory=lambda: Access(None, TokenRules("", "")))
    signer: IdentitySigner | None = None
    tracing: Tracing = NOT_KEPT
    pseudonyms: Pseudonyms = field(default_factory=Pseudonyms)
    """What callers are called in the log."""
    ended: Ended | None = None
    """Told of each operation."""
    closely: Callable[[Caller], bool] = lambda caller: False
    """Whose operations are looked at field by field, where ``federated_traces`` samples."""
    expose: Expose | None = None
    """What ``/metrics`` answers; without it, what ``metrics`` were registered with."""
    ticket: Callable[[str], str] | None = None
    """What a client is told that began a trace which is kept, from the trace's id: with it, it may tell its own part."""
    mounts: Sequence[Mount] = ()
    site: Site = field(default_factory=Site)
    ready: Callable[[], Awaitable[Sequence[str]]] = _nothing_to_check
    """What is away while the rest can be served; raises where nothing can be."""


class GatewayApp:
    """Routes by path; measures, limits and logs each request once."""

    def __init__(self, parts: GatewayParts) -> None:
        self._settings = parts.settings
        self._metrics = parts.metrics
        self._ready = parts.ready
        self._addresses = ClientAddresses(parts.settings.trusted_proxies)
        self._rates = Rates(parts.settings)
        self._mounts = MountPoint(parts.mounts)
        self._streams = frozenset({"/graphql", *(m.route for m in parts.mounts if m.streams)})
        self._quiet = _QUIET.union(m.route for m in parts.mounts if m.quiet)
        self._site = parts.site
        self._tracing = parts.tracing
        self._ticket = parts.ticket
        self._pseudonyms = parts.pseudonyms
        self._lines = WaitingLines(_log, _LINE, self._fields)
        self._expose = parts.expose or exposing(parts.metrics.registry)
        operations = Operations(
            parts.engine,
            parts.access,
            parts.signer,
            parts.metrics,
            parts.settings,
            parts.tracing,
            parts.ended,
            parts.closely,
        )
        settings = parts.settings
        self._explorer = Explorer(settings.explorer_operation) if settings.explorer else None
        self._graphql = GraphQLDoor(operations, self._rates, settings, self._explorer)
        self._websocket = WebSocketDoor(operations, self._rates, settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        peer = scope.get("client")
        forwarded = [v.decode("latin-1") for k, v in scope["headers"] if k == b"x-forwarded-for"]
        state = scope.setdefault("state", {})
        state["address"] = self._addresses.of(peer[0] if peer else None, forwarded)
        if scope["type"] == "websocket":
            return await self._socket(scope, receive, send)
        return await self._measured(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        try:
            self._rates.take(socket.state.address)
        except RequestRefused:
            return await socket.close(4429, "Too many requests")
        if scope["path"] != "/graphql":
            return await socket.close(4404, "Nothing is here")
        return await self._websocket(socket)

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status, started = time.perf_counter(), 500, False
        request = EdgeRequest(scope, receive)
        given = request.headers.get("x-request-id", "")
        request_id = given if _SAFE.fullmatch(given) else f"{random.getrandbits(64):016x}"
        cors = self._cors(request)
        trace = scope["state"]["trace"] = self._trace(request)

        async def noted(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(b"x-request-id", request_id.encode()), *_ALWAYS, *cors]
                if trace.kept and trace.context.parent and self._ticket is not None:
                    extra.append((b"x-trace-ticket", self._ticket(trace.trace_id).encode()))
                message["headers"] = [*message["headers"], *(h for h in extra if h[0] not in present)]
            await send(message)

        route = "unmatched"
        try:
            route = await self._route(request, scope, receive, noted)
        except Exception:
            _log.exception("request %s failed", request_id)
            if not started:  # otherwise the server breaks the answer off
                await _failed(scope, receive, noted)
        finally:
            ended = time.perf_counter()
            seconds, method, state = ended - began, _method(scope), scope["state"]
            told = route not in self._quiet or 400 <= status < 500  # who is refused does not only watch
            if told:
                self._traced(trace, scope, route, status, ended)
            if self._settings.measure:
                series = self._metrics.http_duration.labels(method, route, str(status))
                series.observe(seconds, trace.trace_id if trace.kept else "")
            if self._settings.access_log and told and _log.isEnabledFor(logging.INFO):
                operation, subject = state.get("operation"), state.get("subject")
                asked = _Asked(request_id, method, route, status, seconds, operation, subject, trace.trace_id)
                self._lines.add(asked)

    async def _route(self, request: Request, scope: Scope, receive: Receive, send: Send) -> str:
        path: str = scope["path"]
        if path in _PROBES:
            await (await self._probe(path))(scope, receive, send)
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
        if path == "/metrics" and self._settings.metrics:
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

    async def _probe(self, path: str) -> Response:
        """``live`` touches nothing else; ``ready`` asks what the product stands on."""
        if path == "/health/live":
            return JSONResponse({"status": "ok"})
        try:
            away = await self._ready()
        except Exception as error:
            return JSONResponse({"status": "unavailable", "reason": str(error)}, 503)
        return JSONResponse({"status": "degraded", "away": list(away)} if away else {"status": "ok"})

    def _cors(self, request: Request) -> list[tuple[bytes, bytes]]:
        origin = request.headers.get("origin")
        if origin is None or origin not in self._settings.cors_origins:
            return []
        return [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-allow-methods", b"GET, POST"),
            (
                b"access-control-allow-headers",
                b"authorization, content-type, apollo-require-preflight, x-request-id, traceparent, tracestate",
            ),
            (b"access-control-max-age", b"600"),
            (b"vary", b"Origin"),
        ]

    def _trace(self, request: Request) -> Trace:
        parent = request.headers.get("traceparent")
        if parent is None:
            return self._tracing.begin()
        peer = request.scope.get("client")
        trusted = peer is not None and self._addresses.trusts(peer[0])
        return self._tracing.begin(parent, request.headers.getlist("tracestate"), trusted=trusted)

    def _traced(self, trace: Trace, scope: Scope, route: str, status: int, ended: float) -> None:
        """Its operations say whether a GraphQL request was slow; a stream is so by nature."""
        began = ended if route in self._streams else trace.began
        if not self._tracing.settle(trace, began, ended, failed=status >= 500):
            return self._tracing.finish(trace)
        version = scope.get("http_version", "1.1")
        scheme = scope.get("scheme", "http")
        end = HttpEnd(_method(scope), route, scope["path"], scheme, status, version)
        return self._tracing.finish(trace, end)

    def _fields(self, asked: _Asked) -> Mapping[str, object]:
        operation = asked.operation
        return {
            "request_id": asked.request_id,
            "method": asked.method,
            "route": asked.route,
            "status": asked.status,
            "milliseconds": round(asked.seconds * 1000, 1),
            "operation": operation if operation and _SAFE.fullmatch(operation) else "-",
            "user": self._pseudonyms.of(asked.subject),
            "trace_id": asked.trace_id,
        }

    def close(self) -> None:
        """Nothing is asked any more: write the lines of log that wait."""
        self._lines.write()


class _Asked(NamedTuple):
    """A request that has been answered: what a line of log says of it."""

    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    operation: str | None
    """As the client calls it: not to be believed."""
    subject: object
    trace_id: str


_LINE = (
    "%(method)s %(route)s %(status)s %(milliseconds)s ms %(operation)s %(user)s %(request_id)s %(trace_id)s"
)
_RESERVED = re.compile(r"/(?:(?:api|graphql|metrics)(?:/|$)|\.)")
"""Paths that are never a page of the web app."""
_PROBES = frozenset({"/health", "/health/live", "/health/ready"})
_QUIET = _PROBES | {"/metrics"}
"""Routes that are asked every few seconds, and of whose answers nothing is to be told."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _method(scope: Scope) -> str:
    """The method as a label: one that is not known is ``_OTHER``, as OpenTelemetry has it."""
    return scope["method"] if scope["method"] in _METHODS else "_OTHER"


def _with_trace(headers: list[tuple[bytes, bytes]], trace: Trace) -> list[tuple[bytes, bytes]]:
    """The headers for whoever answers in our place: the trace goes on from here."""
    ours = trace.headers()
    kept = [(name, value) for name, value in headers if name not in (b"traceparent", b"tracestate")]
    return [*kept, *((name.encode(), value.encode("latin-1")) for name, value in ours.items())]


async def _failed(scope: Scope, receive: Receive, send: Send) -> None:
    error = {"message": "Internal server error", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}
    await JSONResponse({"errors": [error]}, 500)(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    """Nothing to start or stop here: whoever put the application together does."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
