"""What a process tells of itself, put together in one place: its event loop, and traces."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_NAMESPACE, Resource
from opentelemetry.sdk.trace import SynchronousMultiSpanProcessor
from prometheus_client import CollectorRegistry

from gateway.config import ConfigError, GatewaySettings
from gateway.telemetry.process import LoopLag
from gateway.telemetry.tracing import NOT_KEPT, Tracing
from gateway.telemetry.tracing.configured import read_tracing
from gateway.telemetry.tracing.export import open_export
from gateway.telemetry.tracing.spans import SpanWriter
from infra.browser_spans import BrowserSpans
from infra.errors import CommandError
from infra.recent_traces import RecentTraces
from infra.tracing import JoinedSink, PartSpans
from subgraphs.kit.telemetry.tracing import SpanSink

__all__ = ["SILENT", "Telemetry", "open_telemetry"]

_NAMESPACE: Final = Resource({SERVICE_NAMESPACE: "lets-connect"})


@dataclass(frozen=True, slots=True)
class Telemetry:
    """One process's."""

    tracing: Tracing
    """The gateway's."""
    spans: SpanSink | None
    """What subgraphs tell what they did; None where no trace is kept."""
    recent: RecentTraces
    browser: BrowserSpans | None = None
    """Takes what browsers tell; None where no trace is kept."""


SILENT: Final = Telemetry(NOT_KEPT, None, RecentTraces())
"""Nothing is told: for who puts a product together to look at something else."""


@asynccontextmanager
async def open_telemetry(
    service: str, settings: GatewaySettings, registry: CollectorRegistry, *, joined: bool = False
) -> AsyncIterator[Telemetry]:
    """Watch the event loop, and take spans and export them as ``OTEL_*`` say, until the end of the block.

    ``joined``: the gateway and subgraphs are in this process. Raises CommandError.
    """
    recent = RecentTraces(slow_seconds=settings.trace_slow_seconds)
    try:
        to, rules = read_tracing(settings, os.environ)
    except ConfigError as error:
        raise CommandError(str(error)) from error
    async with AsyncExitStack() as stack:
        stack.enter_context(LoopLag(registry).watched())
        if rules is None:
            yield Telemetry(NOT_KEPT, None, recent)
            return
        processor = SynchronousMultiSpanProcessor()  # type: ignore[no-untyped-call]
        processor.add_span_processor(recent)
        resource = _NAMESPACE.merge(Resource({SERVICE_NAME: service}))
        if to is not None:
            export = stack.enter_context(open_export(to, service, registry))
            processor.add_span_processor(export.processor)
            resource = _NAMESPACE.merge(export.resource)
        parts = PartSpans(processor, resource, rules, joined=joined)
        sink = JoinedSink(SpanWriter(processor, resource), parts)
        browser = BrowserSpans(processor, resource, rules.per_second)
        tell = parts.__call__  # found once, not for each part
        yield Telemetry(Tracing(sink, rules), tell, recent, browser)
