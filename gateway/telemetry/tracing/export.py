"""Where spans go: by OTLP over HTTP, as OpenTelemetry's own environment variables say.

A collector that is away costs nothing but spans: they wait in a bounded queue for a thread of its own, and what is lost
is counted. Imported only where something is exported: the SDK takes memory.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SpanExporter,
    SpanExportResult,
)
from prometheus_client import CollectorRegistry, Counter

from gateway.telemetry.tracing.environment import ExportTo

__all__ = ["BoundedProcessor", "SpanExport", "open_export"]

_LAST_SECONDS = 2.0
"""For what still waits when the process ends."""


@dataclass(frozen=True, slots=True)
class SpanExport:
    """The process's one way out for spans, whoever makes them, and what they are said to be of."""

    processor: SpanProcessor
    resource: Resource


@contextlib.contextmanager
def open_export(to: ExportTo, service: str, registry: CollectorRegistry) -> Iterator[SpanExport]:
    """Export until the end of the context. ``service`` is the resource's name, unless the environment has one."""
    found = Resource.create()
    unnamed = str(found.attributes.get(SERVICE_NAME, "")).startswith("unknown_service")
    resource = found.merge(Resource({SERVICE_NAME: service})) if unnamed else found
    exporter: SpanExporter = ConsoleSpanExporter() if to.kind == "console" else OTLPSpanExporter()
    processor = BoundedProcessor(exporter, to.queue, registry)
    try:
        yield SpanExport(processor, resource)
    finally:
        processor.shutdown()


class BoundedProcessor(SpanProcessor):
    """The SDK's batches, with every span accounted for: exported, too many for the queue, or not taken."""

    def __init__(self, exporter: SpanExporter, most: int, registry: CollectorRegistry) -> None:
        counter = Counter("trace_spans_total", "Spans by what became of them", ["result"], registry=registry)
        self._lost = counter.labels("queue_full")
        self._most = most
        self._waiting = _Waiting()
        self._exporter = _Counting(exporter, self._waiting, counter)
        self._batches = BatchSpanProcessor(
            self._exporter, max_queue_size=most, max_export_batch_size=min(512, most)
        )

    def on_end(self, span: ReadableSpan) -> None:
        """Queue a span, or count it as lost where the queue is full. Never waits."""
        if not (span.context and span.context.trace_flags.sampled):
            return
        if self._waiting.add(1) > self._most:
            self._waiting.add(-1)
            self._lost.inc()
        else:
            self._batches.on_end(span)

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Export what waits; blocks."""
        return self._batches.force_flush(timeout_millis)

    def shutdown(self) -> None:
        """Export what waits, within two seconds: the SDK's own would wait for a collector half a minute."""
        ending = threading.Thread(target=self._batches.shutdown, daemon=True)
        ending.start()
        ending.join(_LAST_SECONDS)
        if ending.is_alive():
            self._exporter.shutdown()


class _Waiting:
    """How many spans are queued or on their way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    def add(self, more: int) -> int:
        with self._lock:
            self._count += more
            return self._count


class _Counting(SpanExporter):
    def __init__(self, exporter: SpanExporter, waiting: _Waiting, counter: Counter) -> None:
        self._exporter = exporter
        self._waiting = waiting
        self._exported = counter.labels("exported")
        self._failed = counter.labels("failed")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = SpanExportResult.FAILURE
        try:
            result = self._exporter.export(spans)
        finally:
            self._waiting.add(-len(spans))
            (self._exported if result is SpanExportResult.SUCCESS else self._failed).inc(len(spans))
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()
