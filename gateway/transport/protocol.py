"""What execution sees of a subgraph: a request, an answer, and the protocol between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from msgspec import Struct

from gateway.telemetry.fetches import Peer

__all__ = [
    "Encoded",
    "PreparedRequest",
    "Reply",
    "SubgraphAnswer",
    "SubgraphRequest",
    "SubgraphTransport",
    "SubgraphUnavailable",
    "Tree",
]

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

    ``data`` is None where the answer has none; ``errors`` are the GraphQL errors as they came; ``status`` is that of
    HTTP, 0 in process.
    """

    data: dict[str, Any] | None
    errors: Sequence[Mapping[str, Any]] = ()
    extensions: Mapping[str, Any] | None = None
    status: int = 0


class SubgraphUnavailable(Exception):
    """No usable GraphQL answer: refused, timed out, not JSON, cut short.

    ``code`` is stable and goes to the client as ``extensions.code``; the message names the subgraph but
    no internal address. ``status`` is that of HTTP, 0 where there was none. Of a subscription ``passing`` says that opening it anew may go well, and ``cut`` that
    it was open already.
    """

    def __init__(
        self,
        subgraph: str,
        reason: str,
        *,
        code: str = "DOWNSTREAM_SERVICE_ERROR",
        status: int = 0,
        passing: bool = False,
        cut: bool = False,
    ) -> None:
        super().__init__(f"Subgraph '{subgraph}' did not answer: {reason}")
        self.subgraph = subgraph
        self.reason = reason
        self.code = code
        self.status = status
        self.passing = passing
        self.cut = cut


class PreparedRequest(Struct, frozen=True):
    """A query or a mutation without uploads, its body encoded already."""

    body: bytes
    headers: Mapping[str, str]
    kind: OperationKind
    plain: Callable[[Mapping[str, str]], SubgraphRequest]
    """The same as objects, with these headers, for transports that send no bytes."""

    def as_objects(self) -> SubgraphRequest:
        """The whole request as objects."""
        return self.plain(self.headers)


class Encoded(Struct, frozen=True, gc=False):
    """An HTTP answer as it came, its content coding undone."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Tree:
    """An answer as decoded JSON would be. Whoever receives it owns it."""

    value: Any


Reply: TypeAlias = Encoded | Tree | SubgraphUnavailable
"""What came of a prepared request."""


class SubgraphTransport(Protocol):
    """One subgraph, however it is reached."""

    peer: Peer | None = None
    """Where it is, for one that is reached over HTTP."""
    shares: bool = False
    """Whether equal queries under way at the same time are sent once."""

    def send(self, request: PreparedRequest, done: Callable[[Reply], None]) -> Callable[[], None]:
        """Send a prepared request; ``done`` is called once, unless what is returned is called before: it cancels.

        A transport with nothing cheaper inherits this: a task that executes the same request as objects.
        """
        return _send_in_task(self, request, done)

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Answer a query or a mutation; raises SubgraphUnavailable."""
        ...

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        """Yield one answer an event until the subgraph completes; closing the iterator ends it there too."""
        ...

    def renew(self) -> None:
        """Something has changed: no query from now on shares what is under way."""
        return

    async def close(self) -> None:
        """Give back what the transport holds. Nothing is asked of it afterwards."""
        ...


def _send_in_task(
    transport: SubgraphTransport, request: PreparedRequest, done: Callable[[Reply], None]
) -> Callable[[], None]:
    async def execute() -> None:
        reply: Reply
        try:
            answer = await transport.execute(request.as_objects())
            reply = Tree(_as_json(answer))
        except SubgraphUnavailable as reason:
            reply = reason
        done(reply)

    task = asyncio.get_running_loop().create_task(execute())
    return lambda: _cancel(task)


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()


def _as_json(answer: SubgraphAnswer) -> dict[str, Any]:
    made: dict[str, Any] = {"data": answer.data}
    if answer.errors:
        made["errors"] = answer.errors
    if answer.extensions is not None:
        made["extensions"] = answer.extensions
    return made
