"""A query's or a mutation's answer: fetch by the plan, then complete by the schema."""

from __future__ import annotations

from typing import Any

from gateway.execution.errors import ErrorLog
from gateway.execution.exact.completion import complete
from gateway.execution.exact.fetching import Fetcher
from gateway.execution.exact.scheduling import run_plan
from gateway.execution.request import ExecutionRequest

__all__ = ["execute"]


async def execute(request: ExecutionRequest) -> dict[str, Any]:
    """Answer a query or a mutation: ``data``, and ``errors`` where there are any."""
    log = ErrorLog()
    data: dict[str, Any] = {}
    if request.plan.node is not None:
        await run_plan(request.plan.node, Fetcher(request, data, log))
    return complete(request, data, log)
