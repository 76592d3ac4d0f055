"""Runs a plan: scheduling, entity batches, merging, nulls, errors, subscriptions."""

from gateway.execution.compiled import execute_compiled
from gateway.execution.execute import execute, subscribe
from gateway.execution.request import NOT_OBSERVED, ExecutionRequest, FetchObserver, FetchOutcome

__all__ = [
    "NOT_OBSERVED",
    "ExecutionRequest",
    "FetchObserver",
    "FetchOutcome",
    "execute",
    "execute_compiled",
    "subscribe",
]
