"""One trace from the client through the gateway to the subgraphs, kept for a share of requests, for errors and for slowness."""

from gateway.telemetry.tracing.context import TraceContext
from gateway.telemetry.tracing.record import FederatedOperation, OperationTrace, Trace
from gateway.telemetry.tracing.tracing import NOT_KEPT, HttpEnd, SpanSink, Tracing

__all__ = [
    "NOT_KEPT",
    "FederatedOperation",
    "HttpEnd",
    "OperationTrace",
    "SpanSink",
    "Trace",
    "TraceContext",
    "Tracing",
]
