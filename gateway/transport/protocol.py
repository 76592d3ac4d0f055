"""What execution sees of a subgraph: a request, an answer, and the protocol between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

__all__ = ["SubgraphAnswer", "SubgraphRequest", "SubgraphTransport", "SubgraphUnavailable"]

OperationKind: TypeAlias = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """One GraphQL request to a subgraph.

    ``variables`` may hold ``starlette.datastructures.UploadFile`` objects anywhere in it: a transport
    hands them over as they are (in process) or as parts of a multipart request (HTTP), reading them in
    chunks. ``headers`` carry the identity and the trace context; nothing else of the client's.
    """

    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    kind: OperationKind = "query"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubgraphAnswer:
    """A subgraph's answer, decoded. Whoever receives it owns the tree and may change it.

    ``data`` is None where the answer has none; ``errors`` are the GraphQL errors as they came.
    """

    data: dict[str, Any] | None
    errors: Sequence[Mapping[str, Any]] = ()
    extensions: Mapping[str, Any] | None = None


class SubgraphUnavailable(Exception):
    """No usable GraphQL answer: refused, timed out, not JSON, cut short.

    ``code`` is stable and goes to the client as ``extensions.code``; the message names the subgraph but
    no internal address.
    """

    def __init__(self, subgraph: str, reason: str, *, code: str = "DOWNSTREAM_SERVICE_ERROR") -> None:
        super().__init__(f"Subgraph '{subgraph}' did not answer: {reason}")
        self.subgraph = subgraph
        self.reason = reason
        self.code = code


class SubgraphTransport(Protocol):
    """One subgraph, however it is reached."""

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Answer a query or a mutation; raises SubgraphUnavailable."""
        ...

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        """Yield one answer an event until the subgraph completes; closing the iterator ends it there too."""
        ...

    async def close(self) -> None:
        """Give back what the transport holds. Nothing is asked of it afterwards."""
        ...
