"""A query plan as a graph: what is asked of whom after what, with the times of one execution on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import count

import strawberry

from gateway.planning.plan import (
    ConditionNode,
    DeferNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    QueryPlan,
    SequenceNode,
    SubscriptionNode,
)
from gateway.telemetry.federated import FederatedFetch, resolver_times
from gateway.telemetry.fetches import FetchEnded
from gateway.telemetry.protobuf import Malformed

__all__ = ["PlanStep", "StepResolver", "plan_graph"]

_MOST_RESOLVERS = 5


@strawberry.type(description="A field of a fetch, in the last execution whose fields its service told of.")
class StepResolver:
    """Seconds: of all its executions together, and of the longest."""

    type_name: str
    field: str
    executions: int
    seconds: float
    longest: float


@strawberry.type(description="One fetch of a plan.")
class PlanStep:
    """Without times where it was not needed."""

    number: int
    subgraph: str
    path: str
    """Where its objects are in the answer; empty for root fields."""
    condition: str
    """Of the branch it is in; empty where it is always asked."""
    depth: int
    """How many fetches are before it at least."""
    after: list[int]
    """The numbers of those that it waits for."""
    began: float | None = None
    """Seconds since the operation began."""
    seconds: float | None = None
    representations: int = 0
    """Entities asked for."""
    requests: int = 0
    outcome: str = ""
    resolvers: list[StepResolver] = strawberry.field(default_factory=list)
    """Those that took the longest."""


def plan_graph(
    plan: QueryPlan, fetches: Sequence[FetchEnded], began: float, traces: Sequence[FederatedFetch] = ()
) -> list[PlanStep]:
    """The plan's fetches in its order; ``began`` is on the clock that the fetches' times are of. ``traces`` may be of
    another execution."""
    drawing = _Drawing()
    if plan.node is not None:
        drawing.node(plan.node, (), "")
    _time(drawing, fetches, began)
    for trace in traces:
        alike = [n for n, document in enumerate(drawing.documents) if document == trace.document]
        if trace.trace is not None and alike:
            step = drawing.steps[next((n for n in alike if not drawing.steps[n].resolvers), alike[-1])]
            step.resolvers = step.resolvers or list(_resolvers(trace.trace))
    return drawing.steps


@lru_cache(maxsize=32)
def _resolvers(trace: bytes) -> Sequence[StepResolver]:
    """Read once: a trace is drawn for every watcher, every two seconds."""
    try:
        found = resolver_times(trace)
    except Malformed:
        return ()
    return [
        StepResolver(
            type_name=one.type_name,
            field=one.field,
            executions=one.executions,
            seconds=one.seconds,
            longest=one.longest,
        )
        for one in found[:_MOST_RESOLVERS]
    ]


class _Drawing:
    def __init__(self) -> None:
        self.steps: list[PlanStep] = []
        self.documents: list[str] = []
        self._numbers = count()
        self._ids: dict[str, int] = {}

    def node(self, node: PlanNode, after: Sequence[int], condition: str) -> tuple[int, ...]:
        """Draw it after these; what comes after it waits for those returned."""
        match node:
            case FetchNode():
                return (self._fetch(node, after, "", condition),)
            case FlattenNode():
                return (self._fetch(node.node, after, ".".join(node.path), condition),)
            case SequenceNode():
                for one in node.nodes:
                    after = self.node(one, after, condition) or tuple(after)
                return tuple(after)
            case ParallelNode():
                return tuple(number for one in node.nodes for number in self.node(one, after, condition))
            case ConditionNode():
                branches = (
                    (node.if_clause, f"${node.condition}"),
                    (node.else_clause, f"not ${node.condition}"),
                )
                drawn = [self.node(branch, after, name) for branch, name in branches if branch is not None]
                return tuple(number for numbers in drawn for number in numbers)
            case SubscriptionNode():
                first = (self._fetch(node.primary, after, "", condition),)
                return first if node.rest is None else self.node(node.rest, first, condition)
            case DeferNode():
                return self._defer(node, after, condition)

    def _defer(self, node: DeferNode, after: Sequence[int], condition: str) -> tuple[int, ...]:
        primary = tuple(after) if node.primary is None else self.node(node.primary, after, condition)
        for part in node.deferred:
            depends = [self._ids[one] for one in part.depends if one in self._ids]
            if part.node is not None:
                self.node(part.node, depends or after, f"@defer {part.label or ''}".strip())
        return primary

    def _fetch(self, fetch: FetchNode, after: Sequence[int], path: str, condition: str) -> int:
        number = next(self._numbers)
        depth = 1 + max((self.steps[one].depth for one in after), default=-1)
        self.steps.append(
            PlanStep(
                number=number,
                subgraph=fetch.subgraph,
                path=path,
                condition=condition,
                depth=depth,
                after=list(after),
            )
        )
        self.documents.append(fetch.operation)
        if fetch.id is not None:
            self._ids[fetch.id] = number
        return number


def _time(drawing: _Drawing, fetches: Sequence[FetchEnded], began: float) -> None:
    """Each fetch to the step that asked so; equal ones in turn, and what is left over to the last of them."""
    for fetch in sorted(fetches, key=lambda one: one.began):
        alike = [n for n, document in enumerate(drawing.documents) if document == fetch.document]
        if not alike:
            continue
        step = drawing.steps[next((n for n in alike if not drawing.steps[n].requests), alike[-1])]
        start = fetch.began - began
        end = fetch.ended - began
        if step.began is not None and step.seconds is not None:
            start, end = min(start, step.began), max(end, step.began + step.seconds)
        step.began, step.seconds = start, end - start
        step.representations += fetch.representations
        step.requests += 1
        step.outcome = fetch.outcome if step.outcome in ("", "success") else step.outcome
