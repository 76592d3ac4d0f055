"""``/api/ops/graphql`` on the gateway's port, for operators alone."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from graphql import ExecutionResult, GraphQLError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp
from strawberry.types.execution import ExecutionResult as StrawberryResult

from gateway.config import Guards
from gateway.edge.errors import RequestRefused
from gateway.edge.http.accept import EVENT_STREAM, JSON, wish
from gateway.edge.http.bodies import read_body
from gateway.edge.http.responses import respond
from gateway.edge.identity.access import Access
from gateway.edge.operations.parameters import Parameters, read_json, read_parameters
from gateway.edge.protocols.sse import event_stream
from infra.operators import operator_of
from infra.ops.schema import SCHEMA, Watcher
from infra.ops.subscribing import subscribed
from infra.ops.watching import Ops

__all__ = ["ops_door"]


def ops_door(access: Access, ops: Ops, guards: Guards) -> ASGIApp:
    """Queries as JSON, subscriptions as events until the token ends; the caller is looked at before anything else."""

    async def graphql(request: Request) -> Response:
        try:
            caller = await operator_of(access, request)
            parameters = read_parameters(read_json(await read_body(request, guards)))
            watcher = Watcher(ops, caller)
            if wish(request.headers.get("accept")).type_ == EVENT_STREAM:
                events = _events(parameters, watcher)
                return event_stream(events, access.seconds_left(caller), endless=True)
            return respond(_answer(await _executed(parameters, watcher)), JSON)
        except RequestRefused as refused:
            return respond(refused.answer(), JSON, refused.status, refused.headers)

    return Starlette(routes=[Route("/api/ops/graphql", graphql, methods=["POST"])])


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
    """A document that does not fit, or its variables, is its writer's mistake."""
    if isinstance(cause, RequestRefused):
        return cause.code
    return "BAD_USER_INPUT" if cause is None or isinstance(cause, GraphQLError) else "INTERNAL_SERVER_ERROR"
