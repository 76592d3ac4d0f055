"""Runs a plan: scheduling, entity batches, merging, nulls, errors, subscriptions, `@defer`."""

from gateway.execution.compiled.execute import execute_compiled
from gateway.execution.compiled.joining import JointRuns
from gateway.execution.exact.completion import UNAUTHORIZED
from gateway.execution.exact.execute import execute
from gateway.execution.exact.subscriptions import subscribe
from gateway.execution.federated_trace import federated_trace
from gateway.execution.incremental import Format, execute_incrementally
from gateway.execution.request import ExecutionRequest

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
