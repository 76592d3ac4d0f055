"""One subgraph at work: operations in, answers out, with its consumers and jobs running beside.

The same object serves HTTP (``kit.serving.app``) and the gateway in the same process, which calls it directly.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from graphql import GraphQLError
from prometheus_client import Counter
from strawberry.types.execution import ExecutionResult

from subgraphs.kit.domain.context import Context
from subgraphs.kit.domain.declaration import Domain, Runtime
from subgraphs.kit.domain.resources import Resources, open_resources
from subgraphs.kit.errors import KitError, Rejected
from subgraphs.kit.events.consumer import Consumer
from subgraphs.kit.execution import CompiledExecutionContext, DirectEntry, recorded_by, warm
from subgraphs.kit.identity.tokens import TokenVerifier, identity_rules
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.settings import Settings
from subgraphs.kit.tasks import end_tasks
from subgraphs.kit.telemetry.ftv1 import FederatedTrace
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.resolvers import sampled_attributes, time_resolvers
from subgraphs.kit.telemetry.tracing import SpanSink, sampled_trace_id, span
from subgraphs.kit.telemetry.vitals import Vital

__all__ = ["SubgraphService", "error_answer", "open_service"]

_log = logging.getLogger(__name__)
_MASKED = "Something went wrong on our side."


class SubgraphService:
    """Executes operations for viewers whose identity the gateway signed."""

    def __init__(self, domain: Domain, resources: Resources, runtime: Runtime) -> None:
        self.domain = domain
        self.resources = resources
        self.runtime = runtime
        keys = resources.settings.identity_keys
        self.subscriptions = 0
        """Open now."""
        self._entry = DirectEntry(domain.schema)
        self._verifier = TokenVerifier(identity_rules(domain.name), keys, resources.clock)

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any],
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> dict[str, Any]:
        """Answer a query or a mutation. ``headers`` (lower-case names) must carry an identity."""
        kind = "mutation" if query.startswith("mutation") else "query"
        with self.resources.tracer.part(kind, headers.get("traceparent")) as ours:
            if ours.recording:
                ours.attributes = (
                    {"graphql.operation.type": kind, "graphql.operation.name": operation_name}
                    if operation_name
                    else {"graphql.operation.type": kind}
                )
            try:
                viewer = await self.viewer(headers)
            except KitError as error:
                return error_answer(error)
            trace = FederatedTrace.asked_for(headers)
            work = self._entry.execute(
                query, _own(variables), context_value=self._context(viewer), operation_name=operation_name
            )
            if trace is None:
                result = await work
            else:
                with recorded_by(trace):
                    result = await work
            answer = self._answer(result)
            if trace is not None:
                answer["extensions"] = {"ftv1": trace.finish(answer.get("errors", ()))}
            ours.error = _fault(answer)
            return answer

    def expect(self, documents: Iterable[str]) -> int:
        """Parse, validate and compile what the gateway will ask; how many queries will run compiled at once."""
        return warm(self.domain.schema, documents)

    async def subscribe(
        self,
        query: str,
        variables: Mapping[str, Any],
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer a subscription, one answer an event."""
        try:
            viewer = await self.viewer(headers)
        except KitError as error:
            yield error_answer(error)
            return
        context = self._context(viewer)
        context.traceparent = headers.get("traceparent")
        source = await self.domain.schema.subscribe(
            query, _own(variables), context_value=context, operation_name=operation_name
        )
        self.subscriptions += 1
        try:
            async with contextlib.aclosing(source) as results:
                async for result in results:
                    yield self._answer(result)
        finally:
            self.subscriptions -= 1

    async def viewer(self, headers: Mapping[str, str]) -> Viewer:
        """The caller, from the identity in ``authorization``; raises Unauthenticated."""
        return await self._verifier.viewer(headers.get("authorization"))

    async def check(self) -> None:
        """Raise Unavailable where a server this one needs is away."""
        await asyncio.gather(self.resources.database.check(), self.resources.redis.check())

    def _context(self, viewer: Viewer) -> Context[Any, Any]:
        return Context(viewer, self.resources, self.runtime.services, self.runtime.loaders)

    def _answer(self, result: ExecutionResult) -> dict[str, Any]:
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [self._formatted(e) for e in result.errors]
        return answer

    def _formatted(self, error: GraphQLError) -> dict[str, Any]:
        """As the spec has it, with a code; what we did not mean to say is masked and logged."""
        cause = error.original_error
        while isinstance(cause, GraphQLError):
            cause = cause.original_error
        formatted: dict[str, Any] = dict(error.formatted)
        if isinstance(cause, KitError):
            formatted["extensions"] = cause.extensions()
        elif isinstance(cause, Rejected):
            formatted["extensions"] = {"code": "BAD_USER_INPUT"}
        elif cause is None or error.path is None:  # parsing, validation, coercion of variables
            code = "INTERNAL_SERVER_ERROR" if error.path else "GRAPHQL_VALIDATION_FAILED"
            formatted["extensions"] = {"code": code, **(error.extensions or {})}
        else:
            _log.error("a resolver of %s failed at %s", self.domain.name, error.path, exc_info=cause)
            formatted["message"] = _MASKED
            formatted["extensions"] = {"code": "INTERNAL_SERVER_ERROR"}
        self.resources.metrics.graphql_errors.labels(self.domain.name, formatted["extensions"]["code"]).inc()
        return formatted


_FAULTS = frozenset({"INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE"})


def _fault(answer: Mapping[str, Any]) -> str | None:
    """The code of the first error that is ours, and not the caller's."""
    codes = (error["extensions"]["code"] for error in answer.get("errors", ()))
    return next((code for code in codes if code in _FAULTS), None)


def _event_span(context: Context[Any, Any], operation_name: str | None) -> span:
    """One event of a subscription; the stream it belongs to is the gateway's span."""
    name = {"graphql.operation.name": operation_name} if operation_name else {}
    attributes = {"graphql.operation.type": "subscription", **name}
    return context.resources.tracer.part("subscription", context.traceparent, attributes)


def _own(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Variables that may be changed: Strawberry takes ``__typename`` out of each representation."""
    own = dict(variables)
    if isinstance(representations := own.get("representations"), list):
        own["representations"] = [dict(r) if isinstance(r, dict) else r for r in representations]
    return own


def error_answer(error: KitError) -> dict[str, Any]:
    """The whole answer, where nothing could be executed."""
    return {"data": None, "errors": [{"message": str(error), "extensions": error.extensions()}]}


@asynccontextmanager
async def open_service(
    domain: Domain, settings: Settings, metrics: Metrics, spans: SpanSink | None = None
) -> AsyncIterator[SubgraphService]:
    """Connect the domain, start its publisher, consumer and jobs, and stop all of it at the end.

    ``spans`` is told what each request, event and job did; without it nothing is noted.
    """
    if metrics.measuring:
        time_resolvers(domain.schema._schema, domain.name, metrics)
    domain.schema.execution_context_class = CompiledExecutionContext.configured(
        replace(
            settings.execution,
            trace=sampled_trace_id,
            recorder=sampled_attributes(domain.name, metrics, settings.attribute_timing),
            event=_event_span,
        )
    )
    async with (
        open_resources(domain.name, settings, domain.tables, metrics, spans=spans) as resources,
        domain.open(resources) as runtime,
    ):
        consumer = Consumer(
            resources.database,
            resources.redis,
            runtime.handlers,
            _worker_name(),
            resources.tracer,
            metrics,
        )
        work: dict[str, Callable[[], Awaitable[None]]] = {
            "publisher": resources.publisher.run,
            "consumer": consumer.run,
            **runtime.jobs,
        }
        tasks = [
            asyncio.create_task(
                _keep(name, run, metrics.job_failures, domain.name), name=f"{domain.name}.{name}"
            )
            for name, run in work.items()
        ]
        service = SubgraphService(domain, resources, runtime)
        open_now = Vital(
            "graphql_subscriptions_active",
            "Subscriptions under way in a subgraph",
            {"service": domain.name},
            lambda: service.subscriptions,
        )
        try:
            with metrics.vitals.watched(open_now):
                yield service
        finally:
            await end_tasks(tasks)


async def _keep(name: str, run: Callable[[], Awaitable[None]], failures: Counter, service: str) -> None:
    """Run a job until it ends by itself; start it again, not at once, when it fails."""
    while True:
        try:
            return await run()
        except Exception:
            failures.labels(service, name).inc()
            _log.exception("the job %s failed; it starts again in 5 seconds", name)
            await asyncio.sleep(5)


def _worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
