"""The HTTP face of one subgraph: `/graphql` for the gateway, health, metrics, and the domain's own doors."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import msgspec
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from subgraphs.kit.errors import BadInput, KitError, Unavailable
from subgraphs.kit.serving.doors import Doors
from subgraphs.kit.serving.http_spans import METHODS, UNTRACED, Traced
from subgraphs.kit.serving.multipart import read_multipart
from subgraphs.kit.serving.service import SubgraphService, error_answer
from subgraphs.kit.serving.websocket import serve_websocket
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import TraceContext, trace_id

__all__ = ["RequestEnd", "create_app", "health_routes"]

Expose: TypeAlias = Callable[[str], Awaitable[tuple[bytes, str]]]
"""From a request's ``Accept`` to the metrics and their content type."""


class RequestEnd(NamedTuple):
    """A request that has been answered: what a line of log says of it. No path, no body, no token."""

    method: str
    route: str
    status: int
    seconds: float
    operation: str | None
    """As the client calls it: not to be believed."""
    viewer: UUID | None
    trace_id: str | None


Tell: TypeAlias = Callable[[RequestEnd], None]

_MOST_BYTES = 32 * 1024 * 1024


def create_app(
    service: SubgraphService,
    metrics: Metrics,
    expose: Expose | None = None,
    more: Sequence[BaseRoute] = (),
    tell: Tell | None = None,
) -> ASGIApp:
    """One running subgraph as an ASGI application.

    ``expose`` answers ``/metrics`` in prometheus-client's place; ``more`` are doors besides. ``tell`` hears of every
    request but those that only watch, and may.
    """
    routes: list[BaseRoute] = [
        Route("/graphql", _graphql(service), methods=["POST"]),
        WebSocketRoute("/graphql", partial(serve_websocket, service)),
        Route("/metrics", _metrics(expose or _exposing(metrics))),
        *health_routes(service.domain.name, service.check),
        *service.runtime.routes,
        *more,
    ]
    doors = Doors(routes, service.runtime.swift)
    return Traced(_Measured(doors, metrics, tell), service.resources.tracer)


def health_routes(name: str, check: Callable[[], Awaitable[None]]) -> list[BaseRoute]:
    """``/health``, ``/health/live`` (never touches dependencies) and ``/health/ready``."""

    async def live(request: Request) -> Response:
        return _json({"status": "ok", "service": name})

    async def ready(request: Request) -> Response:
        try:
            await check()
        except Unavailable as error:
            return _json({"status": "unavailable", "service": name, "reason": str(error)}, 503)
        return _json({"status": "ok", "service": name})

    return [Route("/health", ready), Route("/health/live", live), Route("/health/ready", ready)]


def _graphql(service: SubgraphService) -> Callable[[Request], Awaitable[Response]]:
    async def graphql(request: Request) -> Response:
        try:
            request.state.viewer = (await service.viewer(request.headers)).id
            operation = await _operation(request)
        except KitError as error:
            return _json(error_answer(error), error.status)
        name = request.state.operation = operation.get("operationName")
        answer = await service.execute(
            operation["query"], operation.get("variables") or {}, name, request.headers
        )
        return _json(answer)

    return graphql


async def _operation(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        operation: Any = await read_multipart(request)
    else:
        try:
            operation = msgspec.json.decode(await _body(request))
        except msgspec.DecodeError as error:
            raise BadInput("The body is not JSON.") from error
    if not isinstance(operation, dict) or not isinstance(operation.get("query"), str):
        raise BadInput("A request has a 'query'.")
    return operation


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise BadInput("The request is too large.")
    return bytes(body)


def _metrics(expose: Expose) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        told, kind = await expose(request.headers.get("accept", ""))
        return Response(told, headers={"content-type": kind})

    return answer


def _exposing(metrics: Metrics) -> Expose:
    async def expose(accept: str) -> tuple[bytes, str]:
        encode, kind = choose_encoder(accept)
        return await asyncio.to_thread(encode, metrics.registry), kind

    return expose


def _json(content: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")


class _Measured:
    """Observes ``http_server_request_duration_seconds`` by route, and tells of each request."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tell: Tell | None) -> None:
        self._app = app
        self._duration = metrics.http_duration
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", "unmatched")
            method = scope["method"] if scope["method"] in METHODS else "_OTHER"
            self._duration.labels(method, route, str(status)).observe(seconds)
            refused = 400 <= status < 500  # who is refused does not only watch
            if self._tell is not None and (refused or not scope["path"].startswith(UNTRACED)):
                self._tell(_request_end(scope, method, route, status, seconds))
        return None


def _request_end(scope: Scope, method: str, route: str, status: int, seconds: float) -> RequestEnd:
    state = scope.get("state") or {}
    return RequestEnd(
        method,
        route,
        status,
        seconds,
        state.get("operation"),
        state.get("viewer"),
        trace_id() or _given(scope),
    )


def _given(scope: Scope) -> str | None:
    """The trace that the caller names: where nothing is recorded here."""
    parent = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"traceparent"), None)
    context = TraceContext.read(parent)
    return None if context is None else f"{context.trace_id:032x}"
