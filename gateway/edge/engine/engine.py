"""One supergraph being served: what is asked of it is prepared here once, and executed each time."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace as with_changes

from gateway.config import GatewaySettings
from gateway.edge.engine.exact_path import ExactPath
from gateway.edge.engine.occupied import Occupied
from gateway.edge.engine.preparation import Preparation
from gateway.edge.engine.prepared import Prepared
from gateway.edge.engine.variables import coerced_variables
from gateway.edge.streaming import to_its_end
from gateway.execution import ExecutionRequest, Format, JointRuns, subscribe
from gateway.planning.plan import OperationKind
from gateway.supergraph import Supergraph
from gateway.telemetry.federated import FederatedFetch
from gateway.telemetry.fetches import NOT_OBSERVED, FetchEnded, FetchObserver, SpanId
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport.federated import asking
from gateway.transport.protocol import SubgraphTransport

__all__ = ["Engine", "HeadersFor"]

HeadersFor = Callable[[str, OperationKind, SpanId], Mapping[str, str]]


def _uncounted(fetches: Sequence[FetchEnded]) -> None:
    """Nothing is measured."""


class Engine:
    """One supergraph being served; its ``preparation`` makes what it executes."""

    def __init__(
        self,
        supergraph: Supergraph,
        transports: Mapping[str, SubgraphTransport],
        settings: GatewaySettings,
        metrics: GatewayMetrics,
    ) -> None:
        self.supergraph = supergraph
        self.transports = transports
        self.peers = {name: one.peer for name, one in transports.items() if one.peer is not None}
        self.authorizes = supergraph.authorization.authorizes
        """Whether it matters what a caller was granted."""
        self.preparation = Preparation(self, settings, metrics)
        self.under_way = Occupied()
        self._settings = settings
        self._exact = ExactPath(settings.guards)
        self._joint = JointRuns(metrics.fetches_ended if settings.measure else _uncounted)
        self._successor: Engine | None = None

    async def execute(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        headers_for: HeadersFor,
        observer: FetchObserver = NOT_OBSERVED,
        federated: list[FederatedFetch] | None = None,
    ) -> dict[str, Any]:
        """Answer a query, or a mutation, which goes on to its end, whoever waits for it.

        Subgraphs are asked to tell what each field took where there is a list for it.

        Raises DocumentRefused where the variables do not fit, and RequestRefused.
        """
        with self.under_way:
            request = self._request(prepared, variables, headers_for, observer)
            if federated is not None:
                request = with_changes(request, transports=asking(self.transports, federated.append))
            work = self._answer(prepared, request)
            return await (to_its_end(work) if prepared.kind == "mutation" else work)

    async def _answer(self, prepared: Prepared, request: ExecutionRequest) -> dict[str, Any]:
        try:
            if self._compiles(prepared):
                compiled = await prepared.compilation.find(request.variables)
                if compiled is not None:
                    return await self._joint.execute(compiled, request, self._exact.take_over)
            return await self._exact.begin(request)
        finally:
            if prepared.kind == "mutation":
                self._renew()

    def _compiles(self, prepared: Prepared) -> bool:
        """What is held back from a caller is held back on the exact path."""
        return (
            self._settings.compile_operations and prepared.denied is None and prepared.kind != "subscription"
        )

    async def stream(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        headers_for: HeadersFor,
        format_: Format,
        observer: FetchObserver = NOT_OBSERVED,
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer a query or a mutation in parts. Raises DocumentRefused, RequestRefused on the first step."""
        with self.under_way:
            answers = self._exact.stream(self._request(prepared, variables, headers_for, observer), format_)
            async with contextlib.aclosing(answers):  # type: ignore[type-var] # an async generator
                async for answer in answers:
                    if prepared.kind == "mutation":
                        self._renew()
                    yield answer

    async def subscribe(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        headers_for: HeadersFor,
        observer: FetchObserver = NOT_OBSERVED,
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer a subscription, one answer an event. Raises DocumentRefused on the first step."""
        with self.under_way:
            events = subscribe(self._request(prepared, variables, headers_for, observer))
            async with contextlib.aclosing(events):  # type: ignore[type-var] # an async generator
                async for event in events:
                    self._renew()
                    yield event

    def _renew(self) -> None:
        """Whoever has been told of a change reads it: nothing is shared with what began before."""
        self._joint.renew()
        for transport in self.transports.values():
            transport.renew()
        if self._successor is not None:
            self._successor._renew()

    def hand_over(self, successor: Engine) -> None:
        """New operations are the successor's; what is still changed here is changed there."""
        self._successor = successor

    async def retire(self) -> None:
        """Close once nothing is under way; new operations are another's."""
        await self.under_way.left()
        await self.preparation.retire()
        await self.close()

    async def close(self) -> None:
        """Close the ways to the subgraphs, and forget what was prepared."""
        self.preparation.forget()
        for transport in self.transports.values():
            await transport.close()

    def _request(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        headers_for: HeadersFor,
        observer: FetchObserver,
    ) -> ExecutionRequest:
        return ExecutionRequest(
            supergraph=self.supergraph,
            plan=prepared.plan,
            document=prepared.document,
            operation=prepared.operation,
            variables=coerced_variables(
                self.supergraph.api_schema,
                prepared.operation,
                prepared.compilation.conditions,
                variables,
                suggestions=self._settings.suggestions,
            ),
            transports=self.transports,
            headers_for=headers_for,
            observer=observer,
            denied=prepared.denied,
        )
