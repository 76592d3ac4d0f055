"""``/api/ops/profile`` on the gateway's port: a profile of it, or of a service behind it, for operators alone."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from gateway.edge.errors import RequestRefused
from gateway.edge.identity.access import Access
from gateway.edge.identity.signing import IdentitySigner
from gateway.transport import HttpClient, HttpFailure
from infra.operators import ROLE, operator_of
from infra.profiling import FORMATS, MOST_SECONDS, Busy, cpu_profile, memory_profile
from subgraphs.kit.errors import KitError
from subgraphs.kit.serving.service import SubgraphService

__all__ = ["profile_door", "profile_routes"]


def profile_door(access: Access, signer: IdentitySigner, services: Mapping[str, HttpClient]) -> ASGIApp:
    """The gateway's; ``services`` are those behind it that have a profile of their own."""

    async def profile(request: Request) -> Response:
        try:
            caller = await operator_of(access, request)
        except RequestRefused as refused:
            return JSONResponse(refused.answer(), refused.status, refused.headers)
        service = request.query_params.get("service", "gateway")
        if service == "gateway":
            return await _profiled(request)
        if service not in services:
            there = ", ".join(["gateway", *services])
            return _refusal(404, f"There is no process {service!r} here; there are {there}.")
        identity = signer.headers(caller, service, "query")
        return await _forwarded(services[service], request.url.query, identity)

    return Starlette(routes=[Route("/api/ops/profile", profile)])


def profile_routes(service: SubgraphService) -> list[BaseRoute]:
    """A service's own door, which the gateway asks with the operator's identity."""

    async def profile(request: Request) -> Response:
        try:
            viewer = await service.viewer(request.headers)
        except KitError as error:
            return _refusal(error.status, str(error))
        request.state.viewer = viewer.id
        if ROLE not in viewer.roles:
            return _refusal(403, "Operators may do this.")
        return await _profiled(request)

    return [Route("/ops/profile", profile)]


async def _forwarded(client: HttpClient, query: str, identity: Mapping[str, str]) -> Response:
    try:
        answer = await client.request("GET", f"/ops/profile?{query}", identity)
    except HttpFailure:
        return _refusal(503, "The service does not answer.")
    return Response(answer.body, answer.status, media_type="text/plain; charset=utf-8")


async def _profiled(request: Request) -> Response:
    given = request.query_params
    try:
        seconds = float(given.get("seconds", "10"))
    except ValueError:
        seconds = -1.0
    format_ = given.get("format", FORMATS[0])
    if not 0 < seconds <= MOST_SECONDS or format_ not in FORMATS:
        return _refusal(
            400, f"A profile takes up to {MOST_SECONDS:g} seconds, and is {' or '.join(FORMATS)}."
        )
    try:
        if given.get("kind") == "memory":
            return PlainTextResponse(await memory_profile(seconds))
        return PlainTextResponse(await cpu_profile(seconds, format_))
    except Busy:
        return _refusal(409, "Another profile is being taken.")


def _refusal(status: int, message: str) -> Response:
    return JSONResponse({"error": {"message": message}}, status)
