"""Subgraphs in this process that answer compiled operations with bytes, as over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from gateway.jsontext import encode
from gateway.transport.protocol import (
    Encoded,
    PreparedRequest,
    Reply,
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphTransport,
    Tree,
)

__all__ = ["Encoding"]


class Encoding(SubgraphTransport):
    """Another transport's answers, encoded."""

    def __init__(self, inner: SubgraphTransport) -> None:
        self._inner = inner

    def send(self, request: PreparedRequest, done: Callable[[Reply], None]) -> Callable[[], None]:
        def encoded(reply: Reply) -> None:
            done(Encoded(200, encode(reply.value)) if isinstance(reply, Tree) else reply)

        return self._inner.send(request, encoded)

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        return await self._inner.execute(request)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        return self._inner.subscribe(request)

    async def close(self) -> None:
        await self._inner.close()
