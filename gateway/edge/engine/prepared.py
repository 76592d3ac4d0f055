"""An operation that is ready to be executed, any number of times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import DocumentNode, OperationDefinitionNode

from gateway.edge.engine.compilation import Compilation
from gateway.planning.plan import OperationKind, QueryPlan
from gateway.supergraph import Denied

if TYPE_CHECKING:
    from gateway.edge.engine.engine import Engine

__all__ = ["Prepared"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One operation of one document, valid and planned, and the engine that can execute it.

    With ``defers`` it may defer parts of its answer: it is answered by ``Engine.stream``.
    """

    engine: Engine
    document: DocumentNode
    operation: OperationDefinitionNode
    kind: OperationKind
    name: str | None
    plan: QueryPlan
    compilation: Compilation
    defers: bool = False
    denied: Denied | None = None
    """What its caller may not have."""
