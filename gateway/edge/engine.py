"""From a request's text to an answer: parse, guard, validate, plan, each once a document, then execute."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode
from graphql.execution import get_variable_values

from gateway.config import GatewaySettings
from gateway.edge.compilation import Compilation
from gateway.edge.deferral import without_defer
from gateway.edge.documents import Documents, Phase, chosen_operation, untold
from gateway.edge.errors import DocumentRefused, RequestRefused
from gateway.edge.exact import ExactPath
from gateway.edge.guards import check_text
from gateway.edge.labels import Labels
from gateway.execution import (
    UNAUTHORIZED,
    ExecutionRequest,
    Format,
    Guard,
    JointRuns,
    execute_incrementally,
    subscribe,
)
from gateway.planning import Planner, PlanningError
from gateway.planning.permitted import permitted
from gateway.planning.plan import OperationKind, QueryPlan, fetches_of
from gateway.supergraph import Denied, Granted, Supergraph, accepting_defer
from gateway.telemetry.fetches import NOT_OBSERVED, FetchObserver, SpanId
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport.protocol import SubgraphTransport

__all__ = ["Engine", "HeadersFor", "OperationKey", "Prepared"]

_LARGE = 8 * 1024
"""Characters of a document that takes a few milliseconds to parse."""

OperationKey: TypeAlias = tuple[str, str | None, bool, frozenset[str], Denied]
"""The document, the operation's name, and whether its @defer is heeded."""
_NOTHING_GRANTED = Granted()

HeadersFor = Callable[[str, OperationKind, SpanId], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One operation of one document, valid and planned, and the engine that can execute it.

    With ``defers`` it may defer parts of its answer: it is answered by ``Engine.stream``.
    """

    engine: Engine
    document: DocumentNode
    operation: OperationDefinitionNode
    plan: QueryPlan
    compilation: Compilation
    defers: bool = False
    guard: Guard | None = None
    """What its caller may not have."""

    @property
    def kind(self) -> OperationKind:
        return self.operation.operation.value

    @property
    def name(self) -> str | None:
        return self.operation.name.value if self.operation.name else None


class Engine:
    """One supergraph being served."""

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
        self._settings = settings
        self._metrics = metrics
        self._labels = Labels(supergraph.override_labels, chosen=settings.override_labels)
        guards = settings.guards
        self._planner = Planner(supergraph, guards)
        self._documents = Documents(accepting_defer(supergraph.api_schema), settings)
        self._exact = ExactPath(guards)
        self._joint = JointRuns()
        self._successor: Engine | None = None
        self._prepared: OrderedDict[OperationKey, Prepared] = OrderedDict()
        self._held = 0
        self._one_at_a_time = asyncio.Lock()
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def prepare(
        self,
        query: str,
        operation_name: str | None,
        *,
        defer: bool = False,
        granted: Granted = _NOTHING_GRANTED,
        phase: Phase = untold,
    ) -> Prepared:
        """From the cache, or made now, step by step; ``defer`` heeds @defer. Raises DocumentRefused, RequestRefused.

        A large document is parsed and judged in a thread, one at a time, so that it does not hold up others.
        """
        denied = self.supergraph.authorization.denied(granted)
        key = (query, operation_name, defer and "@defer" in query, self._labels.active(), denied)
        found = self._known(key)
        self._metrics.plan_cache.labels("hit" if found else "miss").inc()
        if found is not None:
            return found
        began = time.perf_counter()
        if self._settings.limits:
            check_text(query, self._settings.guards)
        if len(query) > _LARGE:
            async with self._one_at_a_time:
                if (found := self._known(key)) is not None:
                    return found
                document = await asyncio.to_thread(self._documents.read, query, phase)
                made = self._plan(document, key, phase)
        else:
            made = self._plan(self._documents.read(query, phase), key, phase)
        self._metrics.plan_duration.observe(time.perf_counter() - began)
        self._remember(key, made)
        return made

    def _known(self, key: OperationKey) -> Prepared | None:
        found = self._prepared.get(key)
        if found is not None:
            self._prepared.move_to_end(key)
        return found

    def used(self) -> list[OperationKey]:
        """What is prepared, the last used first: for ``warm`` of the engine that comes after this one."""
        return list(reversed(self._prepared))

    def warm(self, keys: Iterable[OperationKey], seconds: float) -> int:
        """Prepare what another engine had, for at most so long; says how many. What is no longer valid is left out.

        For an engine that serves nothing yet, also in a thread.
        """
        end = time.monotonic() + seconds
        warmed = []
        for key in keys:
            if time.monotonic() > end:
                break
            if key[4]:  # what is denied is for the new supergraph to say
                continue
            try:
                made = self._plan(self._documents.read(key[0], untold), key, untold)
            except (DocumentRefused, RequestRefused):
                continue
            made.compilation.expect()
            warmed.append((key, made))
        for key, made in reversed(warmed):
            self._remember(key, made)
        return len(warmed)

    def expect(self, operations: Iterable[tuple[str, str | None]], seconds: float) -> int:
        """Prepare documents, each with its operation's name, before anybody sends them; as ``warm``."""
        labels, nothing = self._labels.active(), Denied()
        return self.warm([(query, name, False, labels, nothing) for query, name in operations], seconds)

    def asked(self) -> dict[str, list[str]]:
        """What each subgraph is asked for what is prepared, each document once."""
        found: dict[str, dict[str, None]] = {}
        for prepared in self._prepared.values():
            for fetch in fetches_of(prepared.plan.node):
                found.setdefault(fetch.subgraph, {})[fetch.operation] = None
        return {subgraph: list(documents) for subgraph, documents in found.items()}

    async def execute(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        headers_for: HeadersFor,
        observer: FetchObserver = NOT_OBSERVED,
    ) -> dict[str, Any]:
        """Answer a query or a mutation. Raises DocumentRefused where the variables do not fit, and RequestRefused."""
        with self._under_way():
            request = self._request(prepared, variables, headers_for, observer)
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
            self._settings.compile_operations and prepared.guard is None and prepared.kind != "subscription"
        )

    async def stream(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        headers_for: HeadersFor,
        format_: Format,
        observer: FetchObserver = NOT_OBSERVED,
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer a query or a mutation in parts. Raises DocumentRefused on the first step."""
        with self._under_way():
            answers = execute_incrementally(
                self._request(prepared, variables, headers_for, observer), format_
            )
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
        with self._under_way():
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
        await self._idle.wait()
        await self.close()

    @contextlib.contextmanager
    def _under_way(self) -> Iterator[None]:
        self._running += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def close(self) -> None:
        """Close the ways to the subgraphs, and forget what was prepared."""
        self._prepared.clear()
        self._held = 0
        for transport in self.transports.values():
            await transport.close()

    def _plan(self, document: DocumentNode, key: OperationKey, phase: Phase) -> Prepared:
        _, operation_name, defer, labels, denied = key
        began = time.perf_counter()
        operation = chosen_operation(document, operation_name)
        # What is held back is so on one completion of the whole.
        defers = defer and operation.operation.value != "subscription" and not denied
        if not defers:
            document, operation = without_defer(document, operation)
        try:
            guard, asked = self._guarded(document, operation, denied)
            plan = self._planner.plan(asked, operation_name, labels, defer=defers)
            phase("graphql.plan", began)
            compilation = Compilation(self.supergraph, document, operation, plan)
            return Prepared(self, document, operation, plan, compilation, defers, guard)
        except PlanningError as error:
            raise RequestRefused(500, error.code, "The operation could not be planned.") from error

    def _guarded(
        self, document: DocumentNode, operation: OperationDefinitionNode, denied: Denied
    ) -> tuple[Guard | None, DocumentNode]:
        """What to hold back, if anything, and what to plan. Raises DocumentRefused where that is to be an error."""
        if not denied:
            return None, document
        left = permitted(self.supergraph.api_schema, document, operation, denied)
        if left.removed and self._settings.reject_unauthorized:
            raise DocumentRefused(UNAUTHORIZED, [GraphQLError("Unauthorized field or type")])
        return Guard(denied, left.removed), left.document

    def _remember(self, key: OperationKey, made: Prepared) -> None:
        if key not in self._prepared:
            self._held += _weight(key)
        self._prepared[key] = made
        while self._held > self._settings.guards.document_cache_bytes and len(self._prepared) > 1:
            dropped, _ = self._prepared.popitem(last=False)
            self._held -= _weight(dropped)

    def _request(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        headers_for: HeadersFor,
        observer: FetchObserver,
    ) -> ExecutionRequest:
        coerced = get_variable_values(
            self.supergraph.api_schema,
            prepared.operation.variable_definitions or (),
            dict(variables),
            max_errors=20,
            hide_suggestions=not self._settings.suggestions,
        )
        if isinstance(coerced, list):
            raise DocumentRefused("BAD_USER_INPUT", coerced)
        return ExecutionRequest(
            supergraph=self.supergraph,
            plan=prepared.plan,
            document=prepared.document,
            operation=prepared.operation,
            variables=coerced.coerced,
            transports=self.transports,
            headers_for=headers_for,
            observer=observer,
            guard=prepared.guard,
        )


def _weight(key: OperationKey) -> int:
    """About what a document, its tree and its plan hold, in bytes."""
    return 2000 + 60 * len(key[0])
