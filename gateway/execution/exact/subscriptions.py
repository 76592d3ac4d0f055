"""A subscription's answers: a root stream from one subgraph, and for each event the fetches that complete it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

from gateway.execution.errors import ErrorLog
from gateway.execution.exact.completion import complete
from gateway.execution.exact.fetching import Fetcher
from gateway.execution.exact.scheduling import run_plan
from gateway.execution.places import Place
from gateway.execution.request import ExecutionRequest
from gateway.planning.plan import FetchNode, PlanNode, SubscriptionNode
from gateway.telemetry.fetches import FetchEnded, FetchOutcome, SpanId
from gateway.transport.protocol import SubgraphAnswer, SubgraphTransport, SubgraphUnavailable

__all__ = ["RECONNECTS", "subscribe"]

RECONNECTS = 5
"""Times in a row that a lost stream is opened anew before its loss is told."""
_SWITCHED = 101
"""HTTP's status of a connection that became a WebSocket; of one in process nobody tells it."""
_FIRST_PAUSE = 0.2
"""Seconds before the first of them; each further pause is twice as long."""
_STEADY = 30.0
"""Seconds after which a stream that was lost is no sign of the next one's fate."""

Pause: TypeAlias = Callable[[float], Awaitable[None]]


async def subscribe(request: ExecutionRequest, pause: Pause = asyncio.sleep) -> AsyncIterator[dict[str, Any]]:
    """Answer each event; closing the iterator ends the stream at the subgraph too.

    The next event is taken from the subgraph when the answer to the one before has been taken from here.
    """
    primary, rest = _parts(request)
    outcome: FetchOutcome = "cancelled"
    code = ""
    span = request.observer.fetch_started()
    began = time.perf_counter()
    try:
        async with contextlib.aclosing(_events(request, primary, span, pause)) as events:
            async for event in events:
                yield await _answer(request, primary, rest, event)
        outcome = "success"
    except SubgraphUnavailable as reason:
        outcome, code = "unavailable", reason.code
        yield _failed(request, primary, reason)
    finally:
        ended = time.perf_counter()
        status = _SWITCHED if outcome in ("success", "cancelled") else 0
        fetch = FetchEnded(primary.subgraph, began, ended, outcome, 0, span, status, code, primary.operation)
        request.observer.fetch_ended(fetch)


def _parts(request: ExecutionRequest) -> tuple[FetchNode, PlanNode | None]:
    node = request.plan.node
    if isinstance(node, SubscriptionNode):
        return node.primary, node.rest
    if isinstance(node, FetchNode):
        return node, None
    raise TypeError("The plan is not that of a subscription")


async def _events(
    request: ExecutionRequest, primary: FetchNode, span: SpanId, pause: Pause
) -> AsyncGenerator[SubgraphAnswer, None]:
    """The subgraph's events, its stream opened anew with a fresh identity where the connection was lost."""
    transport = request.transports.get(primary.subgraph)
    if transport is None:
        raise SubgraphUnavailable(primary.subgraph, "no way to it is configured")
    failures, lost = 0, False
    while True:
        began = time.monotonic()
        try:
            async with contextlib.aclosing(_stream(request, primary, span, transport)) as events:
                async for event in events:
                    failures, lost = 0, True
                    yield event
            return
        except SubgraphUnavailable as reason:
            lost = lost or reason.cut
            failures = failures + 1 if time.monotonic() - began < _STEADY else 1
            if not (lost and reason.passing) or failures > RECONNECTS:
                raise
        await pause(_FIRST_PAUSE * 2 ** (failures - 1))


def _stream(request: ExecutionRequest, primary: FetchNode, span: SpanId, transport: SubgraphTransport) -> Any:
    given = request.variables
    variables = {name: given[name] for name in primary.variable_usages if name in given}
    fetcher = Fetcher(request, {}, ErrorLog())
    return transport.subscribe(fetcher.subgraph_request(primary, variables, span))


async def _answer(
    request: ExecutionRequest, primary: FetchNode, rest: PlanNode | None, event: SubgraphAnswer
) -> dict[str, Any]:
    log = ErrorLog()
    fetcher = Fetcher(request, {}, log)
    fetcher.take_root(primary, event, [Place(fetcher.data, ())])
    if rest is not None and event.data is not None:
        await run_plan(rest, fetcher)
    return complete(request, fetcher.data, log)


def _failed(request: ExecutionRequest, primary: FetchNode, reason: SubgraphUnavailable) -> dict[str, Any]:
    log = ErrorLog()
    fetcher = Fetcher(request, {}, log)
    fetcher.unavailable(primary, reason, [Place(fetcher.data, ())])
    return complete(request, fetcher.data, log)
