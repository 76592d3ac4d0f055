"""What execution is asked: an operation with its plan, its variables and the way to each subgraph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from graphql import DocumentNode, OperationDefinitionNode

from gateway.execution.guard import Guard
from gateway.planning.plan import OperationKind, QueryPlan
from gateway.supergraph import Supergraph
from gateway.transport.protocol import SubgraphTransport

__all__ = ["NOT_OBSERVED", "ExecutionRequest", "FetchObserver", "FetchOutcome"]

FetchOutcome: TypeAlias = Literal["success", "errors", "unavailable", "cancelled"]
"""``errors``: the subgraph answered, with errors or in a wrong shape."""


class FetchObserver(Protocol):
    """Told of every fetch, in the task that makes it; ``representations`` is 0 for root fetches."""

    def fetch_started(self, subgraph: str, representations: int) -> None:
        """A request is about to be sent."""
        ...

    def fetch_finished(
        self, subgraph: str, seconds: float, outcome: FetchOutcome, representations: int
    ) -> None:
        """The request has been answered, or will not be."""
        ...


class _NotObserved:
    def fetch_started(self, subgraph: str, representations: int) -> None:
        return None

    def fetch_finished(
        self, subgraph: str, seconds: float, outcome: FetchOutcome, representations: int
    ) -> None:
        return None


NOT_OBSERVED: FetchObserver = _NotObserved()


@dataclass(frozen=True, slots=True)
class ExecutionRequest:
    """One operation to run. ``variables`` are coerced against the API schema; they may hold uploads."""

    supergraph: Supergraph
    plan: QueryPlan
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]
    transports: Mapping[str, SubgraphTransport]
    headers_for: Callable[[str, OperationKind], Mapping[str, str]]
    observer: FetchObserver = NOT_OBSERVED
    guard: Guard | None = None
    """What the caller may not have; the plan leaves it out already where it can."""
