"""Equal operations under way at the same time run once: fetched, put together and encoded for all of them.

One joins another until the first of its fetches is answered. Until then each of its own fetches would be shared with
that one's, and so would all that follow from their answers: so nobody gets anything older than by sharing fetches.
After a mutation or an event nothing is joined that began before, so that whoever knows of it reads what it did.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from graphql import OperationType

from gateway import jsontext
from gateway.compiling import CompiledOperation
from gateway.execution.compiled import Exactly, execute_compiled
from gateway.execution.execute import execute
from gateway.execution.request import ExecutionRequest
from gateway.telemetry.fetches import FetchEnded, FetchObserver, SpanId
from gateway.transport.sharing import Flight, InFlight, distinguishing

__all__ = ["JointRuns"]


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of a run. It knows nothing of its flight, which holds it: a large answer waits for no collector."""

    answer: dict[str, Any]
    fetches: Sequence[FetchEnded]


@dataclass(frozen=True, slots=True)
class _Joint(FetchObserver):
    """A run that others may join; it tells the one that began it of its fetches, and keeps them for the others."""

    flight: Flight[_Result]
    observer: FetchObserver
    fetches: list[FetchEnded] = field(default_factory=list)

    def fetch_started(self) -> SpanId:
        return self.observer.fetch_started()

    def fetch_ended(self, fetch: FetchEnded) -> None:
        self.flight.close()
        self.fetches.append(fetch)
        self.observer.fetch_ended(fetch)

    def fetches_joined(self, fetches: Sequence[FetchEnded]) -> None:
        self.observer.fetches_joined(fetches)


class JointRuns:
    """Runs compiled operations, equal ones together where their subgraphs' transports share fetches."""

    def __init__(self) -> None:
        self._runs: InFlight[_Result] = InFlight()

    async def execute(
        self, operation: CompiledOperation, request: ExecutionRequest, exactly: Exactly = execute
    ) -> dict[str, Any]:
        """Answer a query or a mutation as ``execute_compiled`` does."""
        key = _key(operation, request)
        if key is None:
            return await execute_compiled(operation, request, exactly)
        began = False

        async def begin(flight: Flight[_Result]) -> _Result:
            nonlocal began
            began = True
            joint = _Joint(flight, request.observer)
            answer = await execute_compiled(operation, replace(request, observer=joint), exactly)
            return _Result(_encoded(answer) if flight.waiting > 1 else answer, joint.fetches)

        result = await self._runs.share(key, begin)
        if not began:
            request.observer.fetches_joined(result.fetches)
        return result.answer

    def renew(self) -> None:
        """Something has changed: no operation from now on joins what is under way."""
        self._runs.renew()


def _key(operation: CompiledOperation, request: ExecutionRequest) -> Hashable | None:
    """What makes runs equal; None for one that is nobody else's."""
    if request.operation.operation is not OperationType.QUERY:
        return None
    told = []
    for subgraph in operation.subgraphs:
        transport = request.transports.get(subgraph)
        if transport is None or not transport.shares:
            return None
        told.append(distinguishing(request.headers_for(subgraph, "query", 0)))
    try:
        variables = jsontext.encode(request.variables)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None
    return operation, variables, tuple(told)


def _encoded(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "data": msgspec.Raw(jsontext.encode(answer["data"]))}
