"""Runs a plan: scheduling, entity batches, merging, nulls, errors, subscriptions, `@defer`."""

from gateway.execution.compiled import execute_compiled
from gateway.execution.completion import UNAUTHORIZED
from gateway.execution.execute import execute
from gateway.execution.federated_trace import federated_trace
from gateway.execution.incremental import Format, execute_incrementally
from gateway.execution.joining import JointRuns
from gateway.execution.request import ExecutionRequest
from gateway.execution.subscriptions import subscribe

__all__ = [
    "UNAUTHORIZED",
    "ExecutionRequest",
    "Format",
    "JointRuns",
    "execute",
    "execute_compiled",
    "execute_incrementally",
    "federated_trace",
    "subscribe",
]
