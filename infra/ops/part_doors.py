"""Where a process tells its part to the gateway that an operator watches, who it says the operator is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from gateway.config import Guards
from gateway.edge.errors import RequestRefused
from gateway.edge.http.accept import JSON
from gateway.edge.http.bodies import read_body
from gateway.edge.http.responses import respond
from infra.operators import ROLE
from infra.ops.ask import Ask
from infra.ops.gateways import AUDIENCE, OVERVIEW_PATH
from infra.ops.gateways import PART_PATH as GATEWAYS_PART_PATH
from infra.ops.replicas import PART_PATH
from infra.ops.telling import Telling
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.errors import KitError
from subgraphs.kit.identity.keys import KeySource
from subgraphs.kit.identity.tokens import TokenVerifier, identity_rules
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.serving.service import SubgraphService, error_answer

__all__ = ["gateway_door", "part_routes"]

_Who: TypeAlias = Callable[[Request], Awaitable[Viewer]]
"""Raises KitError for who cannot be believed."""


def part_routes(service: SubgraphService, telling: Telling) -> list[BaseRoute]:
    """A service's."""

    async def who(request: Request) -> Viewer:
        return await service.viewer(request.headers)

    return [_route(PART_PATH, who, telling.part)]


def gateway_door(keys: KeySource, telling: Telling) -> ASGIApp:
    """A gateway's, for other gateways. ``keys``: those that gateways sign identities with."""
    verifier = TokenVerifier(identity_rules(AUDIENCE), keys, SystemClock())

    async def who(request: Request) -> Viewer:
        return await verifier.viewer(request.headers.get("authorization"))

    def overview(_: Ask) -> Any:
        return telling.overview()

    routes = [_route(OVERVIEW_PATH, who, overview), _route(GATEWAYS_PART_PATH, who, telling.part)]
    return Starlette(routes=routes)


def _route(path: str, who: _Who, tell: Callable[[Ask], Any]) -> Route:
    async def answer(request: Request) -> Response:
        try:
            viewer = await who(request)
        except KitError as error:
            return respond(error_answer(error), JSON, error.status)
        request.state.viewer = viewer.id
        if ROLE not in viewer.roles:
            refused = RequestRefused(403, "FORBIDDEN", "Operators may do this.")
            return respond(refused.answer(), JSON, 403)
        try:
            ask = msgspec.json.decode(await read_body(request, Guards()), type=Ask)
        except (RequestRefused, msgspec.DecodeError):
            refused = RequestRefused(400, "BAD_REQUEST", "The body says what is wanted.")
            return respond(refused.answer(), JSON, 400)
        told = await asyncio.to_thread(lambda: msgspec.json.encode(tell(ask)))
        return Response(told, media_type=JSON)

    return Route(path, answer, methods=["POST"])
