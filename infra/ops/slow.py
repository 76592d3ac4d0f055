"""The slowest execution of an operation lately, drawn on its plan."""

from __future__ import annotations

from collections.abc import Iterable

import strawberry

from infra.ops.growth import Key
from infra.ops.operation_times import OperationTimes
from infra.ops.plan_graph import PlanStep, plan_graph

__all__ = ["SlowOperation", "slow_operation", "slowest_of"]


@strawberry.type(description="The slowest execution of an operation in the last minutes, on its plan.")
class SlowOperation:
    """Times of steps count from its beginning."""

    key: str
    name: str
    seconds: float
    at: float
    failed: bool
    trace_id: str
    steps: list[PlanStep]


def slow_operation(times: OperationTimes, wanted: str) -> SlowOperation | None:
    """Of this process. ``wanted``: the operation's kind and name; None where there was none of that name."""
    kind, _, name = wanted.partition(" ")
    key: Key = ("operation", kind, name)
    found = times.slowest(key)
    if found is None:
        return None
    return SlowOperation(
        key=wanted,
        name=name,
        seconds=found.seconds,
        at=found.at,
        failed=found.failed,
        trace_id=found.trace_id,
        steps=plan_graph(found.plan, found.fetches, found.began, times.traces(key)),
    )


def slowest_of(found: Iterable[SlowOperation | None]) -> SlowOperation | None:
    """That of several gateways which took the longest."""
    return max((one for one in found if one is not None), key=lambda one: one.seconds, default=None)
