"""Spans of what was kept, by the SDK, under the names of OpenTelemetry's semantic conventions.

https://opentelemetry.io/docs/specs/semconv/http/http-spans/ and /graphql/graphql-spans/. What they have no name for
begins with ``gateway.``. No variable and no address of a client is ever among them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    TraceState,
    set_span_in_context,
)

from gateway.telemetry.fetches import FetchEnded, Peer, SpanId
from gateway.telemetry.tracing.record import OperationTrace, Trace
from gateway.telemetry.tracing.tracing import HttpEnd, SpanSink

__all__ = ["SpanWriter"]

_log = logging.getLogger(__name__)
_Attributes = Mapping[str, str | int | None]
_LONGEST_NAME = 100
_SWITCHED = 101
"""The status of a subscription's stream, which a GET begins."""


class SpanWriter(SpanSink):
    """Writes spans to ``processor``. Their ids are those that the record has, and that subgraphs were told."""

    def __init__(self, processor: SpanProcessor, resource: Resource) -> None:
        self._ids = _KnownIds()
        provider = TracerProvider(
            sampler=ALWAYS_ON, resource=resource, id_generator=self._ids, shutdown_on_exit=False
        )
        provider.add_span_processor(processor)
        self._tracer = provider.get_tracer("gateway")

    def take(self, trace: Trace, operations: Sequence[OperationTrace], http: HttpEnd | None) -> None:
        try:
            _Writing(self._tracer, self._ids, trace).write(operations, http)
        except Exception:  # the answer is on its way, whatever becomes of its trace
            _log.exception("a trace could not be written")


class _KnownIds(IdGenerator):
    """Gives the ids it was told last."""

    span: SpanId = 0
    trace: int = 0

    def generate_span_id(self) -> int:
        return self.span

    def generate_trace_id(self) -> int:
        return self.trace


class _Writing:
    """One trace being written."""

    def __init__(self, tracer: Tracer, ids: _KnownIds, trace: Trace) -> None:
        self._tracer = tracer
        self._ids = ids
        self._trace = trace
        self._trace_id = ids.trace = int(trace.trace_id, 16)
        self._state = TraceState.from_header([trace.context.state]) if trace.context.state else TraceState()
        self._offset = time.time_ns() - time.perf_counter_ns()

    def write(self, operations: Sequence[OperationTrace], http: HttpEnd | None) -> None:
        trace = self._trace
        above = trace.span if trace.served else trace.context.parent
        if http is not None:
            self._request(http)
        for operation in operations:
            self._operation(operation, above)

    def _request(self, http: HttpEnd) -> None:
        trace = self._trace
        failed = str(http.status) if http.status >= 500 else ""
        attributes: _Attributes = {
            "http.request.method": http.method,
            "http.response.status_code": http.status,
            "http.route": http.route,
            "network.protocol.version": http.version,
            "url.path": http.path,
            "url.scheme": http.scheme,
        }
        method = "HTTP" if http.method == "_OTHER" else http.method
        times = (trace.began, time.perf_counter())
        self._span(
            f"{method} {http.route}",
            trace.span,
            trace.context.parent,
            times,
            SpanKind.SERVER,
            attributes,
            failed,
        )

    def _operation(self, operation: OperationTrace, above: SpanId) -> None:
        name = operation.kind or "GraphQL Operation"
        attributes: _Attributes = {
            "graphql.operation.type": operation.kind or None,
            "graphql.operation.name": operation.name[:_LONGEST_NAME] if operation.name else None,
            "graphql.document": operation.document or None,
        }
        ended = operation.ended or time.perf_counter()
        times = (operation.began, ended)
        self._span(name, operation.span, above, times, SpanKind.SERVER, attributes, operation.error)
        for phase, began, over in operation.phases:
            span = self._trace.next_span()
            self._span(phase, span, operation.span, (began, over), SpanKind.INTERNAL, {}, "")
        if operation.executed:
            times = (operation.executed, ended)
            self._span(
                "graphql.execute",
                operation.execution,
                operation.span,
                times,
                SpanKind.INTERNAL,
                {},
                operation.error,
            )
        for fetch in operation.fetches:
            self._fetch(fetch, operation.execution, operation.peers.get(fetch.subgraph))

    def _fetch(self, fetch: FetchEnded, above: SpanId, peer: Peer | None) -> None:
        attributes: dict[str, str | int | None] = {
            "gateway.subgraph.name": fetch.subgraph,
            "gateway.fetch.outcome": fetch.outcome,
            "gateway.fetch.representations": fetch.representations or None,
        }
        name, kind = f"fetch {fetch.subgraph}", SpanKind.INTERNAL
        if peer is not None:
            method = "GET" if fetch.status == _SWITCHED else "POST"
            name, kind = f"{method} {peer.template}", SpanKind.CLIENT
            attributes |= {
                "http.request.method": method,
                "http.response.status_code": fetch.status or None,
                "network.protocol.version": peer.version or None,
                "server.address": peer.address,
                "server.port": peer.port,
                "url.full": peer.url,
                "url.template": peer.template,
            }
        failed = str(fetch.status) if fetch.status >= 400 else fetch.code
        left = fetch.outcome == "cancelled" and fetch.status == _SWITCHED  # so streams end
        if not failed and fetch.outcome != "success" and not left:
            failed = fetch.outcome
        self._span(name, fetch.span, above, (fetch.began, fetch.ended), kind, attributes, failed)

    def _span(
        self,
        name: str,
        span: SpanId,
        above: SpanId,
        times: tuple[float, float],
        kind: SpanKind,
        attributes: _Attributes,
        failed: str,
    ) -> None:
        self._ids.span = span
        given = {key: value for key, value in attributes.items() if value is not None}
        if failed:
            given["error.type"] = failed
        made = self._tracer.start_span(name, self._above(above), kind, given, start_time=self._wall(times[0]))
        if failed:
            made.set_status(Status(StatusCode.ERROR))
        made.end(self._wall(times[1]))

    def _above(self, span: SpanId) -> Context:
        if not span:
            return Context()
        remote = span == self._trace.context.parent
        context = SpanContext(self._trace_id, span, remote, TraceFlags(TraceFlags.SAMPLED), self._state)
        return set_span_in_context(NonRecordingSpan(context), Context())

    def _wall(self, at: float) -> int:
        return int(at * 1e9) + self._offset
