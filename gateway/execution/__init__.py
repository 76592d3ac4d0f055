"""Runs a plan: scheduling, entity batches, merging, nulls, errors, subscriptions, `@defer`."""

from gateway.execution.compiled import execute_compiled
from gateway.execution.execute import execute
from gateway.execution.guard import UNAUTHORIZED, Guard
from gateway.execution.incremental import Format, execute_incrementally
from gateway.execution.joining import JointRuns
from gateway.execution.request import ExecutionRequest
from gateway.execution.subscriptions import subscribe

__all__ = [
    "UNAUTHORIZED",
    "ExecutionRequest",
    "Format",
    "Guard",
    "JointRuns",
    "execute",
    "execute_compiled",
    "execute_incrementally",
    "subscribe",
]
