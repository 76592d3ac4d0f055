"""Equal operations under way at the same time run once: fetched, put together and encoded for all of them.

One joins another until the first of its fetches is answered. Until then each of its own fetches would be shared with
that one's, and so would all that follow from their answers: so nobody gets anything older than by sharing fetches.
Those count as before the answer that the loop read in the same turn: in which order it does is chance.
After a mutation or an event nothing is joined that began before, so that whoever knows of it reads what it did.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec
from graphql import OperationType
from msgspec.structs import replace

from gateway import jsontext
from gateway.compiling import CompiledOperation
from gateway.execution.compiled.execute import Exactly, execute_compiled
from gateway.execution.exact.execute import execute
from gateway.execution.request import ExecutionRequest
from gateway.telemetry.fetches import FetchEnded, FetchObserver, SpanId
from gateway.transport.sharing import Flight, InFlight, distinguishing

__all__ = ["JointRuns", "Orphans"]

Orphans: TypeAlias = Callable[[Sequence[FetchEnded]], None]
"""Told of fetches that ended when nobody was there any more whose operation they were for."""


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of a run. It knows nothing of its flight, which holds it: a large answer waits for no collector."""

    answer: dict[str, Any]
    fetches: Sequence[FetchEnded]
    left: list[FetchEnded]
    """The last of them, which ended when the one that began the run had gone; the first of the others takes them over."""

    def tell(self, observer: FetchObserver) -> None:
        """Tell one that joined of the fetches: each is somebody's own, and only one's."""
        observer.fetches_joined(self.fetches[: -len(self.left)] if self.left else self.fetches)
        for fetch in self.left:
            observer.fetch_ended(fetch)
        self.left.clear()


@dataclass(slots=True)
class _Joint(FetchObserver):
    """A run that others may join; it tells the one that began it of its fetches, and keeps them for the others."""

    flight: Flight[_Result]
    observer: FetchObserver
    fetches: list[FetchEnded] = field(default_factory=list)
    deserted: bool = False
    """Whether the one that began it has gone, and counts no more."""
    left: list[FetchEnded] = field(default_factory=list)

    def fetch_started(self) -> SpanId:
        return self.observer.fetch_started()

    def fetch_ended(self, fetch: FetchEnded) -> None:
        if not self.fetches:
            self._close_after_turn()
        self.fetches.append(fetch)
        if self.deserted:
            self.left.append(fetch)
        else:
            self.observer.fetch_ended(fetch)

    def fetches_joined(self, fetches: Sequence[FetchEnded]) -> None:
        self.observer.fetches_joined(fetches)

    def _close_after_turn(self) -> None:
        """The loop first reads all that has come, and then begins what that asks for: the second call is after it."""
        call_soon = asyncio.get_running_loop().call_soon
        call_soon(call_soon, self.flight.close)


class JointRuns:
    """Runs compiled operations, equal ones together where their subgraphs' transports share fetches."""

    def __init__(self, orphans: Orphans) -> None:
        self._runs: InFlight[_Result] = InFlight()
        self._orphans = orphans

    async def execute(
        self, operation: CompiledOperation, request: ExecutionRequest, exactly: Exactly = execute
    ) -> dict[str, Any]:
        """Answer a query or a mutation as ``execute_compiled`` does."""
        key = _key(operation, request)
        if key is None:
            return await execute_compiled(operation, request, exactly)
        return await self._together(key, operation, request, exactly)

    async def _together(
        self, key: Hashable, operation: CompiledOperation, request: ExecutionRequest, exactly: Exactly
    ) -> dict[str, Any]:
        joint: _Joint | None = None

        def begin(flight: Flight[_Result]) -> Coroutine[Any, Any, _Result]:
            nonlocal joint
            joint = _Joint(flight, request.observer)
            return self._run(operation, replace(request, observer=joint), joint, exactly)

        try:
            result = await self._runs.share(key, begin)
        finally:
            if joint is not None:
                joint.deserted = True
        if joint is None:
            result.tell(request.observer)
        return result.answer

    async def _run(
        self, operation: CompiledOperation, request: ExecutionRequest, joint: _Joint, exactly: Exactly
    ) -> _Result:
        try:
            answer = await execute_compiled(operation, request, exactly)
        except BaseException:
            self._orphans(joint.left)
            raise
        return _Result(_encoded(answer) if joint.flight.waiting > 1 else answer, joint.fetches, joint.left)

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
    return jsontext.Encoded(answer, data=msgspec.Raw(jsontext.encode(answer["data"])))
