"""What execution is asked: an operation with its plan, its variables and the way to each subgraph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode
from msgspec import Struct

from gateway.planning.plan import OperationKind, QueryPlan
from gateway.supergraph import Denied, Supergraph
from gateway.telemetry.fetches import NOT_OBSERVED, FetchObserver, SpanId
from gateway.transport.protocol import SubgraphTransport

__all__ = ["ExecutionRequest"]


class ExecutionRequest(Struct, frozen=True):
    """One operation to run. ``variables`` are coerced against the API schema; they may hold uploads."""

    supergraph: Supergraph
    plan: QueryPlan
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]
    transports: Mapping[str, SubgraphTransport]
    headers_for: Callable[[str, OperationKind, SpanId], Mapping[str, str]]
    """What a subgraph is told of the caller, and of the span that asks it."""
    observer: FetchObserver = NOT_OBSERVED
    denied: Denied | None = None
    """What the caller may not have; the plan leaves it out already where it can."""

    def renew(self) -> None:
        """A subgraph has told of a change: what is asked from now on shares nothing with what was asked before."""
        for transport in self.transports.values():
            transport.renew()
