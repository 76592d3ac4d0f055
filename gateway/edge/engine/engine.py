"""From a request's text to an answer: parse, guard, validate, plan, each once a document, then execute."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode
from graphql.execution import get_variable_values
from msgspec.structs import replace as with_changes

from gateway.config import GatewaySettings
from gateway.edge.documents.deferral import without_defer
from gateway.edge.documents.guards import check_text
from gateway.edge.documents.reading import Documents, Phase, chosen_operation, untold
from gateway.edge.engine.cache import OperationKey, Remembered
from gateway.edge.engine.compilation import Compilation
from gateway.edge.engine.exact_path import ExactPath
from gateway.edge.engine.occupied import Occupied
from gateway.edge.engine.override_labels import Labels
from gateway.edge.errors import DocumentRefused, RequestRefused
from gateway.edge.streaming import to_its_end
from gateway.execution import (
    UNAUTHORIZED,
    ExecutionRequest,
    Format,
    JointRuns,
    subscribe,
)
from gateway.planning import TOO_COMPLEX, Planner, PlanningError
from gateway.planning.permitted import permitted
from gateway.planning.plan import OperationKind, QueryPlan, fetches_of
from gateway.supergraph import Denied, Granted, Supergraph, accepting_defer
from gateway.telemetry.federated import FederatedFetch
from gateway.telemetry.fetches import NOT_OBSERVED, FetchEnded, FetchObserver, SpanId
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport.federated import asking
from gateway.transport.protocol import SubgraphTransport

__all__ = ["Engine", "HeadersFor", "OperationKey", "Prepared"]

_LARGE = 8 * 1024
"""Characters of a document that takes a few milliseconds to parse."""
_TURN = 0.001
"""Seconds for which others wait while a large cache is let go."""

_NOTHING_GRANTED = Granted()
_UNPLANNED = "The operation could not be planned."

HeadersFor = Callable[[str, OperationKind, SpanId], Mapping[str, str]]


def _uncounted(fetches: Sequence[FetchEnded]) -> None:
    """Nothing is measured."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One operation of one document, valid and planned, and the engine that can execute it.

    With ``defers`` it may defer parts of its answer: it is answered by ``Engine.stream``.
    """

    engine: Engine
    document: DocumentNode
    operation: OperationDefinitionNode
    kind: OperationKind
    name: str | None
    plan: QueryPlan
    compilation: Compilation
    defers: bool = False
    denied: Denied | None = None
    """What its caller may not have."""


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
        self.authorizes = supergraph.authorization.authorizes
        """Whether it matters what a caller was granted."""
        self._settings = settings
        self._metrics = metrics
        self._labels = Labels(supergraph.override_labels, chosen=settings.override_labels)
        guards = settings.guards
        steps = min(guards.planning_steps, guards.planning_steps_at_once)
        self._quick = Planner(supergraph, replace(guards, planning_steps=steps))
        self._patient = Planner(supergraph, guards)  # one for each thread: planners learn as they go
        self._documents = Documents(accepting_defer(supergraph.api_schema), settings)
        self._exact = ExactPath(guards)
        self._joint = JointRuns(metrics.fetches_ended if settings.measure else _uncounted)
        self._successor: Engine | None = None
        self._prepared: Remembered[Prepared] = Remembered(guards.document_cache_bytes)
        self._one_at_a_time = asyncio.Lock()
        # Who leaves gives the lock back, and what was begun for them is still under way.
        self._thread = ThreadPoolExecutor(1, "preparing")
        self.under_way = Occupied()

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

        A large document, and a plan that takes many steps, is made in a thread, one at a time: it does not hold up others.
        """
        denied = self.supergraph.authorization.denied(granted)
        key = (query, operation_name, defer and "defer" in query, self._labels.active(), denied)
        found = self._prepared.find(key)
        self._metrics.plan_cache.add("hit" if found else "miss")
        if found is not None:
            return found
        began = time.perf_counter()
        if self._settings.limits:
            check_text(query, self._settings.guards)
        document = made = None
        if len(query) <= _LARGE:
            document = self._documents.read(query, phase)
            made = self._at_once(document, key, phase)
        if made is None:
            async with self._one_at_a_time:
                if (found := self._prepared.find(key)) is not None:
                    return found
                loop = asyncio.get_running_loop()
                made = await loop.run_in_executor(self._thread, self._patiently, document, key, phase)
        self._metrics.plan_duration.observe(time.perf_counter() - began)
        self._prepared.remember(key, made)
        return made

    def used(self) -> dict[OperationKey, DocumentNode | None]:
        """What is prepared, the last used first: for ``warm`` of the engine that comes after this one."""
        return {key: one.document for key, one in self._prepared.recent_first()}

    def warm(self, used: Mapping[OperationKey, DocumentNode | None], seconds: float) -> int:
        """Prepare what another engine had, for at most so long; says how many. What is no longer valid is left out.

        Documents are taken over as they have been read. For an engine that serves nothing yet, also in a thread.
        """
        end = time.monotonic() + seconds
        warmed = []
        for key, document in used.items():
            if time.monotonic() > end:
                break
            if key[4]:  # what is denied is for the new supergraph to say
                continue
            try:
                if document is None:
                    document = self._documents.read(key[0], untold)
                else:
                    self._documents.judge(document)
                made = self._at_once(document, key, untold) or self._patiently(document, key, untold)
            except (DocumentRefused, RequestRefused):
                continue
            made.compilation.expect()
            warmed.append((key, made))
        for key, made in reversed(warmed):
            self._prepared.remember(key, made)
        return len(warmed)

    def expect(self, operations: Iterable[tuple[str, str | None]], seconds: float) -> int:
        """Prepare documents, each with its operation's name, before anybody sends them; as ``warm``."""
        labels, nothing = self._labels.active(), Denied()
        return self.warm({(query, name, False, labels, nothing): None for query, name in operations}, seconds)

    def asked(self) -> dict[str, list[str]]:
        """What each subgraph is asked for what is prepared, each document once."""
        found: dict[str, dict[str, None]] = {}
        for prepared in self._prepared:
            for fetch in fetches_of(prepared.plan.node):
                found.setdefault(fetch.subgraph, {})[fetch.operation] = None
        return {subgraph: list(documents) for subgraph, documents in found.items()}

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
        """Close once nothing is under way; new operations are another's. What was prepared goes a little at a time."""
        await self.under_way.left()
        while self._prepared:
            ends = time.perf_counter() + _TURN
            while self._prepared and time.perf_counter() < ends:
                self._prepared.forget_one()
            await asyncio.sleep(0)
        await self.close()

    async def close(self) -> None:
        """Close the ways to the subgraphs, and forget what was prepared."""
        self._prepared.clear()
        for transport in self.transports.values():
            await transport.close()

    def _at_once(self, document: DocumentNode, key: OperationKey, phase: Phase) -> Prepared | None:
        """None where that takes more steps than others should wait for."""
        try:
            return self._planned(self._quick, document, key, phase)
        except PlanningError as error:
            if error.code == TOO_COMPLEX:
                return None
            raise RequestRefused(500, error.code, _UNPLANNED) from error

    def _patiently(self, document: DocumentNode | None, key: OperationKey, phase: Phase) -> Prepared:
        """For a thread; where nobody has read the document, that too."""
        document = document or self._documents.read(key[0], phase)
        try:
            return self._planned(self._patient, document, key, phase)
        except PlanningError as error:
            raise RequestRefused(500, error.code, _UNPLANNED) from error

    def _planned(self, planner: Planner, document: DocumentNode, key: OperationKey, phase: Phase) -> Prepared:
        """Raises DocumentRefused, PlanningError."""
        _, operation_name, defer, labels, denied = key
        began = time.perf_counter()
        operation = chosen_operation(document, operation_name)
        # What is held back is so on one completion of the whole.
        defers = defer and operation.operation.value != "subscription" and not denied
        if not defers:
            document, operation = without_defer(document, operation)
        asked = self._permitted(document, operation, denied)
        plan = planner.plan(asked, operation_name, labels, defer=defers)
        phase("graphql.plan", began)
        compilation = Compilation(
            self.supergraph, document, operation, plan, lambda one: self._prepared.grown(key, one)
        )
        kind: OperationKind = operation.operation.value
        name = operation.name.value if operation.name else None
        return Prepared(self, document, operation, kind, name, plan, compilation, defers, denied or None)

    def _permitted(
        self, document: DocumentNode, operation: OperationDefinitionNode, denied: Denied
    ) -> DocumentNode:
        """What to plan. Raises DocumentRefused where it is an error to ask for more."""
        if not denied:
            return document
        left = permitted(self.supergraph.api_schema, document, operation, denied)
        if left.removed and self._settings.reject_unauthorized:
            raise DocumentRefused(UNAUTHORIZED, [GraphQLError("Unauthorized field or type")])
        return left.document

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
            variables=self._coerced(prepared, variables),
            transports=self.transports,
            headers_for=headers_for,
            observer=observer,
            denied=prepared.denied,
        )

    def _coerced(self, prepared: Prepared, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises DocumentRefused."""
        definitions = prepared.operation.variable_definitions
        if not definitions:
            return {}
        coerced = get_variable_values(
            self.supergraph.api_schema,
            definitions,
            dict(variables),
            max_errors=20,
            hide_suggestions=not self._settings.suggestions,
        )
        if isinstance(coerced, list):
            raise DocumentRefused("BAD_USER_INPUT", coerced)
        values = coerced.coerced
        for name in prepared.compilation.conditions:
            if values.get(name, True) is None:
                raise DocumentRefused("BAD_USER_INPUT", [_null_condition(prepared.operation, name)])
        return values


def _null_condition(operation: OperationDefinitionNode, name: str) -> GraphQLError:
    """A variable with a default may be given as null, which no ``if`` takes (specification, section 6.4.1)."""
    nodes = [one for one in operation.variable_definitions or () if one.variable.name.value == name]
    return GraphQLError(
        f'Argument "if" of required type "Boolean!" was given the variable "${name}", which is null.', nodes
    )
