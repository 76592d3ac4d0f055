"""What every request passes: its address, its trace, the headers it is answered with, its counts and its line of log."""

from __future__ import annotations

import logging
import random
import time

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from gateway.edge.app.access_log import SAFE, Answered, access_lines
from gateway.edge.app.parts import GatewayParts
from gateway.edge.app.routes import Routes
from gateway.edge.errors import RequestRefused
from gateway.edge.http.addresses import ClientAddresses
from gateway.edge.http.cors import cors_headers
from gateway.edge.http.rates import Rates
from gateway.edge.http.requests import EdgeRequest
from gateway.edge.operations import Operations
from gateway.edge.protocols.websocket import WebSocketDoor
from gateway.telemetry.tracing import HttpEnd, Trace

__all__ = ["GatewayApp"]

_log = logging.getLogger("gateway.access")
_ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class GatewayApp:
    """Measures, limits and logs each request once; ``Routes`` answer it."""

    def __init__(self, parts: GatewayParts) -> None:
        settings = parts.settings
        self._settings = settings
        self._metrics = parts.metrics
        self._tracing = parts.tracing
        self._ticket = parts.ticket
        self._lines = access_lines(_log, parts.pseudonyms)
        self._addresses = ClientAddresses(settings.trusted_proxies)
        self._rates = Rates(settings)
        operations = Operations(
            parts.engine,
            parts.access,
            parts.signer,
            parts.metrics,
            settings,
            parts.tracing,
            parts.ended,
            parts.closely,
        )
        self._routes = Routes(parts, operations, self._rates)
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
        request_id = given if SAFE.fullmatch(given) else f"{random.getrandbits(64):016x}"
        cors = cors_headers(request.headers.get("origin"), self._settings.cors_origins)
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
            route = await self._routes.serve(request, scope, receive, noted)
        except Exception:
            _log.exception("request %s failed", request_id)
            if not started:  # otherwise the server breaks the answer off
                await _failed(scope, receive, noted)
        finally:
            ended = time.perf_counter()
            seconds, method, state = ended - began, _method(scope), scope["state"]
            # Who is refused does not only watch.
            told = route not in self._routes.quiet or 400 <= status < 500
            if told:
                self._traced(trace, scope, route, status, ended)
            if self._settings.measure:
                series = self._metrics.http_duration.labels(method, route, str(status))
                series.observe(seconds, trace.trace_id if trace.kept else "")
            if self._settings.access_log and told and _log.isEnabledFor(logging.INFO):
                operation, subject = state.get("operation"), state.get("subject")
                answered = Answered(
                    request_id, method, route, status, seconds, operation, subject, trace.trace_id
                )
                self._lines.add(answered)

    def _trace(self, request: Request) -> Trace:
        parent = request.headers.get("traceparent")
        if parent is None:
            return self._tracing.begin()
        peer = request.scope.get("client")
        trusted = peer is not None and self._addresses.trusts(peer[0])
        return self._tracing.begin(parent, request.headers.getlist("tracestate"), trusted=trusted)

    def _traced(self, trace: Trace, scope: Scope, route: str, status: int, ended: float) -> None:
        """Its operations say whether a GraphQL request was slow; a stream is so by nature."""
        began = ended if route in self._routes.streams else trace.began
        if not self._tracing.settle(trace, began, ended, failed=status >= 500):
            return self._tracing.finish(trace)
        version = scope.get("http_version", "1.1")
        scheme = scope.get("scheme", "http")
        end = HttpEnd(_method(scope), route, scope["path"], scheme, status, version)
        return self._tracing.finish(trace, end)

    def close(self) -> None:
        """Nothing is asked any more: write the lines of log that wait."""
        self._lines.write()


def _method(scope: Scope) -> str:
    """The method as a label: one that is not known is ``_OTHER``, as OpenTelemetry has it."""
    return scope["method"] if scope["method"] in _METHODS else "_OTHER"


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
