"""An operation's answer, or a subscription's answers: fetch by the plan, then complete by the schema."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

from gateway.execution.completion import complete
from gateway.execution.errors import ErrorLog
from gateway.execution.fetching import Fetcher
from gateway.execution.places import Place
from gateway.execution.request import ExecutionRequest, FetchOutcome
from gateway.execution.scheduling import run_plan
from gateway.planning.plan import FetchNode, PlanNode, SubscriptionNode
from gateway.transport.protocol import SubgraphAnswer, SubgraphUnavailable

__all__ = ["execute", "subscribe"]


async def execute(request: ExecutionRequest) -> dict[str, Any]:
    """Answer a query or a mutation: ``data``, and ``errors`` where there are any."""
    log = ErrorLog()
    data: dict[str, Any] = {}
    if request.plan.node is not None:
        await run_plan(request.plan.node, Fetcher(request, data, log))
    return complete(request, data, log)


async def subscribe(request: ExecutionRequest) -> AsyncIterator[dict[str, Any]]:
    """Answer each event of a subscription; closing the iterator ends it at the subgraph too."""
    primary, rest = _parts(request)
    transport = request.transports.get(primary.subgraph)
    fetcher = Fetcher(request, {}, ErrorLog())
    variables = {
        name: request.variables[name] for name in primary.variable_usages if name in request.variables
    }
    if transport is None:
        yield _failed(request, primary, SubgraphUnavailable(primary.subgraph, "no way to it is configured"))
        return
    events = transport.subscribe(fetcher.subgraph_request(primary, variables))
    outcome: FetchOutcome = "cancelled"
    request.observer.fetch_started(primary.subgraph, 0)
    started = time.perf_counter()
    try:
        async with contextlib.aclosing(events):  # type: ignore[type-var] # a generator in all transports
            async for event in events:
                yield await _answer(request, primary, rest, event)
        outcome = "success"
    except SubgraphUnavailable as reason:
        outcome = "unavailable"
        yield _failed(request, primary, reason)
    finally:
        seconds = time.perf_counter() - started
        request.observer.fetch_finished(primary.subgraph, seconds, outcome, 0)


def _parts(request: ExecutionRequest) -> tuple[FetchNode, PlanNode | None]:
    node = request.plan.node
    if isinstance(node, SubscriptionNode):
        return node.primary, node.rest
    if isinstance(node, FetchNode):
        return node, None
    raise TypeError("The plan is not that of a subscription")


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
