"""GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): GET, POST, uploads, batches, SSE, parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from gateway.config import GatewaySettings
from gateway.edge.engine import Prepared
from gateway.edge.errors import DocumentRefused, RequestRefused
from gateway.edge.http.accept import EVENT_STREAM, GRAPHQL, JSON, Wish, wish
from gateway.edge.http.bodies import read_body
from gateway.edge.http.csrf import require_preflight
from gateway.edge.http.rates import Rates
from gateway.edge.http.responses import respond
from gateway.edge.identity.caller import Caller
from gateway.edge.operations import Operations
from gateway.edge.operations.parameters import Parameters, from_query, read_json, read_parameters
from gateway.edge.pages.explorer import Explorer, wants_explorer
from gateway.edge.protocols.parts import in_parts
from gateway.edge.protocols.sse import event_stream
from gateway.edge.protocols.uploads import read_multipart
from gateway.edge.streaming import Leaving
from gateway.telemetry.tracing import OperationTrace

__all__ = ["GraphQLDoor"]

_T = TypeVar("_T")
_BY_POST = ("query", "mutation", "subscription")
_Refused: TypeAlias = DocumentRefused | RequestRefused


class GraphQLDoor:
    """`/graphql` over HTTP."""

    def __init__(
        self, operations: Operations, rates: Rates, settings: GatewaySettings, explorer: Explorer | None
    ) -> None:
        self._operations = operations
        self._rates = rates
        self._settings = settings
        self._explorer = explorer
        self._turns = asyncio.Lock()
        self._leaving = Leaving()

    async def __call__(self, request: Request) -> Response:
        """Answer a request; everything that is wrong with it is an answer too."""
        wanted = Wish()
        try:
            if self._explorer is not None and wants_explorer(request):
                return self._explorer.page()
            wanted = wish(request.headers.get("accept"))
            state = request.scope["state"]
            caller = await self._operations.access.caller(
                request.headers.get("authorization"), state["address"]
            )
            state["subject"] = caller.claims.get("sub")
            if request.method == "GET":
                return await self._get(request, caller, wanted)
            return await self._post(request, caller, wanted)
        except RequestRefused as refused:
            return respond(refused.answer(), _plain(wanted), refused.status, refused.headers)
        except DocumentRefused as refused:
            return respond(refused.answer(), _plain(wanted), _status(wanted))

    async def _get(self, request: Request, caller: Caller, wanted: Wish) -> Response:
        self._require_preflight(request)
        parameters = from_query(request.query_params)
        return await self._one(parameters, caller, request, wanted, allowed=("query", "subscription"))

    async def _post(self, request: Request, caller: Caller, wanted: Wish) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            given = read_json(await read_body(request, self._settings.guards))
            return await self._answer(given, caller, request, wanted)
        if kind == "multipart/form-data":
            self._require_preflight(request)
            async with read_multipart(request, self._settings.guards, self._turns) as given:
                return await self._answer(given, caller, request, wanted)
        raise RequestRefused(
            415, "UNSUPPORTED_MEDIA_TYPE", "A request is application/json or multipart/form-data."
        )

    def _require_preflight(self, request: Request) -> None:
        if self._settings.csrf:
            require_preflight(request)

    def _answer(self, given: Any, caller: Caller, request: Request, wanted: Wish) -> Awaitable[Response]:
        if isinstance(given, list):
            return self._batch(given, caller, request, wanted)
        return self._one(read_parameters(given), caller, request, wanted, allowed=_BY_POST)

    async def _one(
        self,
        parameters: Parameters,
        caller: Caller,
        request: Request,
        wanted: Wish,
        *,
        allowed: tuple[str, ...],
    ) -> Response:
        operations = self._operations
        as_events = wanted.type_ == EVENT_STREAM and wanted.plain
        state = request.scope["state"]
        record = operations.record(state["trace"], caller, request.headers)
        prepared = await operations.prepare(
            parameters, caller, record, defer=wanted.parts is not None and not as_events
        )
        state["operation"] = prepared.name
        if prepared.kind not in allowed:
            raise RequestRefused(405, "METHOD_NOT_ALLOWED", "Mutations are sent by POST.", {"allow": "POST"})
        if as_events:
            events = _events(operations, prepared, parameters, caller, record)
            endless = prepared.kind == "subscription"
            return event_stream(events, operations.access.seconds_left(caller), endless=endless)
        if prepared.kind == "subscription":
            message = "Subscriptions are answered over a WebSocket, or as text/event-stream."
            raise RequestRefused(406, "NOT_ACCEPTABLE", message)
        if wanted.parts is not None and (prepared.defers or not wanted.plain):
            answers = operations.stream(prepared, parameters.variables, caller, record, wanted.parts)
            return await in_parts(await self._waited_for(request, prepared, anext(answers)), answers, wanted)
        work = operations.execute(prepared, parameters.variables, caller, record)
        return respond(await self._waited_for(request, prepared, work), wanted.type_)

    def _waited_for(self, request: Request, prepared: Prepared, work: Awaitable[_T]) -> Awaitable[_T]:
        """A mutation goes on to its end, whoever waits for it."""
        return self._leaving.until_left(request.receive, work) if prepared.kind == "query" else work

    async def _batch(self, given: list[Any], caller: Caller, request: Request, wanted: Wish) -> Response:
        limit = self._settings.guards.batch
        if not 1 <= len(given) <= limit or wanted.type_ == EVENT_STREAM:
            message = f"A batch has between 1 and {limit} operations."
            raise RequestRefused(400, "BATCH_REFUSED", message)
        self._rates.take(caller.address, len(given) - 1)  # the request itself was counted as one
        operations = self._operations
        asked = [read_parameters(one) for one in given]
        trace = request.scope["state"]["trace"]
        begun = [(one, operations.record(trace, caller, request.headers)) for one in asked]
        prepared = [await _or_refused(operations.prepare(one, caller, record)) for one, record in begun]
        kinds = {one.kind for one in prepared if isinstance(one, Prepared)}
        if "subscription" in kinds or ("mutation" in kinds and len(prepared) > 1):
            raise RequestRefused(400, "BATCH_REFUSED", "A batch has queries only.")

        async def answer(
            one: Prepared | _Refused, given: Parameters, record: OperationTrace
        ) -> dict[str, Any]:
            if not isinstance(one, Prepared):
                return one.answer()
            made = await _or_refused(operations.execute(one, given.variables, caller, record))
            return made if isinstance(made, dict) else made.answer()

        answers = await asyncio.gather(
            *(answer(one, *started) for one, started in zip(prepared, begun, strict=True))
        )
        return respond(answers, wanted.type_)


async def _or_refused(work: Awaitable[_T]) -> _T | _Refused:
    """What is wrong with one operation of a batch is no other's matter."""
    try:
        return await work
    except (DocumentRefused, RequestRefused) as refused:
        return refused


async def _events(
    operations: Operations,
    prepared: Prepared,
    parameters: Parameters,
    caller: Caller,
    record: OperationTrace,
) -> AsyncIterator[dict[str, Any]]:
    if prepared.kind == "subscription":
        async for event in operations.subscribe(prepared, parameters.variables, caller, record):
            yield event
    else:
        yield await operations.execute(prepared, parameters.variables, caller, record)


def _status(wanted: Wish) -> int:
    """A document that cannot be executed is the client's mistake, where the client can be told so."""
    return 400 if wanted.type_ == GRAPHQL else 200


def _plain(wanted: Wish) -> str:
    return JSON if wanted.type_ == EVENT_STREAM else wanted.type_
