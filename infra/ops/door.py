"""``/api/ops/graphql`` on the gateway's port, for operators alone, and each service's own door for the gateway."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from graphql import ExecutionResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp
from strawberry.types.execution import ExecutionResult as StrawberryResult

from gateway.config import Guards
from gateway.edge.access import Access
from gateway.edge.bodies import read_body
from gateway.edge.errors import RequestRefused
from gateway.edge.events import event_stream
from gateway.edge.parameters import Parameters, read_json, read_parameters
from gateway.edge.responses import EVENT_STREAM, JSON, respond, wish
from infra.operators import ROLE, operator_of
from infra.ops.ask import Ask
from infra.ops.part import part_of
from infra.ops.recorder import Recorder
from infra.ops.schema import SCHEMA, Watcher
from infra.ops.subscribing import subscribed
from infra.ops.watching import PART_PATH, Ops
from infra.tracing import RecentTraces
from subgraphs.kit.errors import KitError
from subgraphs.kit.service import SubgraphService, error_answer

__all__ = ["ops_door", "part_routes"]


def ops_door(access: Access, ops: Ops, guards: Guards) -> ASGIApp:
    """Queries as JSON, subscriptions as events until the token ends; the caller is looked at before anything else."""

    async def graphql(request: Request) -> Response:
        try:
            caller = await operator_of(access, request)
            parameters = read_parameters(read_json(await read_body(request, guards)))
            watcher = Watcher(ops, caller)
            if wish(request.headers.get("accept")).type_ == EVENT_STREAM:
                return event_stream(_events(parameters, watcher), access.seconds_left(caller))
            return respond(_answer(await _executed(parameters, watcher)), JSON)
        except RequestRefused as refused:
            return respond(refused.answer(), JSON, refused.status, refused.headers)

    return Starlette(routes=[Route("/api/ops/graphql", graphql, methods=["POST"])])


def part_routes(service: SubgraphService, recorder: Recorder, recent: RecentTraces) -> list[BaseRoute]:
    """A service's own door, which the gateway asks with the operator's identity."""

    async def part(request: Request) -> Response:
        try:
            viewer = await service.viewer(request.headers)
        except KitError as error:
            return respond(error_answer(error), JSON, error.status)
        if ROLE not in viewer.roles:
            refused = RequestRefused(403, "FORBIDDEN", "Operators may do this.")
            return respond(refused.answer(), JSON, 403)
        try:
            ask = msgspec.json.decode(await read_body(request, Guards()), type=Ask)
        except (RequestRefused, msgspec.DecodeError):
            refused = RequestRefused(400, "BAD_REQUEST", "The body says what is wanted.")
            return respond(refused.answer(), JSON, 400)
        told = await asyncio.to_thread(lambda: msgspec.json.encode(part_of(recorder, recent, ask)))
        return Response(told, media_type=JSON)

    return [Route(PART_PATH, part, methods=["POST"])]


async def _executed(parameters: Parameters, watcher: Watcher) -> StrawberryResult:
    return await SCHEMA.execute(
        parameters.query,
        variable_values=parameters.variables,
        context_value=watcher,
        operation_name=parameters.operation_name,
    )


async def _events(parameters: Parameters, watcher: Watcher) -> AsyncIterator[dict[str, Any]]:
    results = subscribed(parameters.query or "", parameters.variables, parameters.operation_name, watcher)
    async with contextlib.aclosing(results):  # type: ignore[type-var] # an async generator
        async for result in results:
            yield _answer(result)


def _answer(result: ExecutionResult | StrawberryResult) -> dict[str, Any]:
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [
            {**error.formatted, "extensions": {"code": _code(error.original_error)}}
            for error in result.errors
        ]
    return answer


def _code(cause: Exception | None) -> str:
    """A document that does not fit is its writer's mistake."""
    if isinstance(cause, RequestRefused):
        return cause.code
    return "BAD_USER_INPUT" if cause is None else "INTERNAL_SERVER_ERROR"
