"""Operations made ready, each once: read, planned, and kept for whoever sends the same again."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode

from gateway.config import GatewaySettings
from gateway.edge.documents.deferral import without_defer
from gateway.edge.documents.guards import check_text
from gateway.edge.documents.reading import Documents, Phase, chosen_operation, untold
from gateway.edge.engine.cache import OperationKey, Remembered
from gateway.edge.engine.compilation import Compilation
from gateway.edge.engine.override_labels import Labels
from gateway.edge.engine.prepared import Prepared
from gateway.edge.errors import DocumentRefused, RequestRefused
from gateway.execution import UNAUTHORIZED
from gateway.planning import TOO_COMPLEX, Planner, PlanningError
from gateway.planning.operation.permitted import permitted
from gateway.planning.plan import OperationKind, fetches_of
from gateway.supergraph import Denied, Granted, accepting_defer
from gateway.telemetry.metrics import GatewayMetrics

if TYPE_CHECKING:
    from gateway.edge.engine.engine import Engine

__all__ = ["Preparation"]

_LARGE = 8 * 1024
"""Characters of a document that takes a few milliseconds to parse."""
_TURN = 0.001
"""Seconds for which others wait while a large cache is let go."""

_NOTHING_GRANTED = Granted()
_UNPLANNED = "The operation could not be planned."


class Preparation:
    """The operations of one supergraph, for the engine that executes them."""

    def __init__(self, engine: Engine, settings: GatewaySettings, metrics: GatewayMetrics) -> None:
        supergraph = engine.supergraph
        # No circle: what an engine has learnt goes with it, and does not lie about until the collector comes.
        self._engine = weakref.ref(engine)
        self._supergraph = supergraph
        self._settings = settings
        self._metrics = metrics
        self._labels = Labels(supergraph.override_labels, chosen=settings.override_labels)
        guards = settings.guards
        steps = min(guards.planning_steps, guards.planning_steps_at_once)
        self._quick = Planner(supergraph, replace(guards, planning_steps=steps))
        self._patient = Planner(supergraph, guards)  # one for each thread: planners learn as they go
        self._documents = Documents(accepting_defer(supergraph.api_schema), settings)
        self._held: Remembered[Prepared] = Remembered(guards.document_cache_bytes)
        self._one_at_a_time = asyncio.Lock()
        # Who leaves gives the lock back, and what was begun for them is still under way.
        self._thread = ThreadPoolExecutor(1, "preparing")

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
        denied = self._supergraph.authorization.denied(granted)
        key = (query, operation_name, defer and "defer" in query, self._labels.active(), denied)
        found = self._held.find(key)
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
                if (found := self._held.find(key)) is not None:
                    return found
                loop = asyncio.get_running_loop()
                made = await loop.run_in_executor(self._thread, self._patiently, document, key, phase)
        self._metrics.plan_duration.observe(time.perf_counter() - began)
        self._held.remember(key, made)
        return made

    def used(self) -> dict[OperationKey, DocumentNode | None]:
        """What is prepared, the last used first: for ``warm`` of the one that comes after this one."""
        return {key: one.document for key, one in self._held.recent_first()}

    def warm(self, used: Mapping[OperationKey, DocumentNode | None], seconds: float) -> int:
        """Prepare what another had, for at most so long; says how many. What is no longer valid is left out.

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
            self._held.remember(key, made)
        return len(warmed)

    def expect(self, operations: Iterable[tuple[str, str | None]], seconds: float) -> int:
        """Prepare documents, each with its operation's name, before anybody sends them; as ``warm``."""
        labels, nothing = self._labels.active(), Denied()
        return self.warm({(query, name, False, labels, nothing): None for query, name in operations}, seconds)

    def asked(self) -> dict[str, list[str]]:
        """What each subgraph is asked for what is prepared, each document once."""
        found: dict[str, dict[str, None]] = {}
        for prepared in self._held:
            for fetch in fetches_of(prepared.plan.node):
                found.setdefault(fetch.subgraph, {})[fetch.operation] = None
        return {subgraph: list(documents) for subgraph, documents in found.items()}

    async def retire(self) -> None:
        """Forget all, a little at a time: others are served meanwhile."""
        while self._held:
            ends = time.perf_counter() + _TURN
            while self._held and time.perf_counter() < ends:
                self._held.forget_one()
            await asyncio.sleep(0)

    def forget(self) -> None:
        """Forget all at once."""
        self._held.clear()

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
            self._supergraph, document, operation, plan, lambda one: self._held.grown(key, one)
        )
        kind: OperationKind = operation.operation.value
        name = operation.name.value if operation.name else None
        engine = self._engine()
        assert engine is not None  # noqa: S101 - whoever asks for something prepared has the engine
        return Prepared(engine, document, operation, kind, name, plan, compilation, defers, denied or None)

    def _permitted(
        self, document: DocumentNode, operation: OperationDefinitionNode, denied: Denied
    ) -> DocumentNode:
        """What to plan. Raises DocumentRefused where it is an error to ask for more."""
        if not denied:
            return document
        left = permitted(self._supergraph.api_schema, document, operation, denied)
        if left.removed and self._settings.reject_unauthorized:
            raise DocumentRefused(UNAUTHORIZED, [GraphQLError("Unauthorized field or type")])
        return left.document
