"""The way out for spans: bounded, counted, and never waited for."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from prometheus_client import CollectorRegistry

from gateway.telemetry.tracing.export import BoundedProcessor


class _Exporter(SpanExporter):
    """Waits to be let go, as one whose collector does not answer."""

    def __init__(self, result: SpanExportResult) -> None:
        self._result = result
        self.asked, self.go = threading.Event(), threading.Event()
        self.ended = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.asked.set()
        self.go.wait(20)
        return self._result

    def shutdown(self) -> None:
        self.ended = True
        self.go.set()


def _counted(registry: CollectorRegistry) -> dict[str, float]:
    results = ("exported", "failed", "queue_full")
    found = {r: registry.get_sample_value("trace_spans_total", {"result": r}) for r in results}
    return {result: value or 0.0 for result, value in found.items()}


def _spans(processor: BoundedProcessor, count: int) -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("test")
    for _ in range(count):
        tracer.start_span("one").end()


def test_a_collector_that_does_not_answer_costs_spans_and_no_time() -> None:
    registry = CollectorRegistry()
    exporter = _Exporter(SpanExportResult.FAILURE)
    processor = BoundedProcessor(exporter, 10, registry)
    _spans(processor, 10)
    assert exporter.asked.wait(20)
    _spans(processor, 7)  # the first ten are under way, and count still
    assert _counted(registry) == {"exported": 0, "failed": 0, "queue_full": 7}
    exporter.go.set()
    processor.force_flush()
    assert _counted(registry) == {"exported": 0, "failed": 10, "queue_full": 7}
    processor.shutdown()


def test_what_is_exported_is_counted_and_the_end_waits_for_no_collector() -> None:
    registry = CollectorRegistry()
    exporter = _Exporter(SpanExportResult.SUCCESS)
    processor = BoundedProcessor(exporter, 10, registry)
    exporter.go.set()
    _spans(processor, 3)
    processor.force_flush()
    assert _counted(registry) == {"exported": 3, "failed": 0, "queue_full": 0}
    exporter.go.clear()
    _spans(processor, 1)
    processor.shutdown()  # after two seconds it is told to give up
    assert exporter.ended
