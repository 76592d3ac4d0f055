"""A subgraph in this process: no HTTP, no bytes; objects are handed over as they are."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Protocol

from gateway.transport.answers import read_answer
from gateway.transport.protocol import (
    PreparedRequest,
    Reply,
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphTransport,
    SubgraphUnavailable,
    Tree,
)

__all__ = ["LocalSubgraph", "LocalTransport"]

_log = logging.getLogger(__name__)


class LocalSubgraph(Protocol):
    """What answers in this process. Whatever it returns is the caller's from then on."""

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any],
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> dict[str, Any]:
        """Answer a query or a mutation as GraphQL over HTTP would."""
        ...

    def subscribe(
        self,
        query: str,
        variables: Mapping[str, Any],
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield one answer an event; an async generator, so that closing it ends the subscription."""
        ...


class LocalTransport(SubgraphTransport):
    """SubgraphTransport over a LocalSubgraph."""

    def __init__(self, name: str, subgraph: LocalSubgraph) -> None:
        self.name = name
        self._subgraph = subgraph

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        """Call the subgraph; what it raises is its failure, not the gateway's."""
        try:
            answer = await self._subgraph.execute(
                request.query, request.variables, request.operation_name, request.headers
            )
        except Exception as error:
            raise self._failed(error) from error
        return read_answer(self.name, answer)

    def send(self, request: PreparedRequest, done: Callable[[Reply], None]) -> Callable[[], None]:
        """Call the subgraph in a task, and hand its answer over as it is."""
        task = asyncio.get_running_loop().create_task(self._tell(request.as_objects(), done))
        return lambda: _cancel(task)

    async def _tell(self, request: SubgraphRequest, done: Callable[[Reply], None]) -> None:
        reply: Reply
        try:
            reply = Tree(
                await self._subgraph.execute(
                    request.query, request.variables, request.operation_name, request.headers
                )
            )
        except Exception as error:
            reply = self._failed(error)
        done(reply)

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        """Pass on the subgraph's events."""
        events = self._subgraph.subscribe(
            request.query, request.variables, request.operation_name, request.headers
        )
        async with contextlib.aclosing(events):  # type: ignore[type-var] # a generator, as the protocol says
            while True:
                try:
                    event = await anext(events)
                except StopAsyncIteration:
                    return
                except Exception as error:
                    raise self._failed(error) from error
                yield read_answer(self.name, event)

    async def close(self) -> None:
        """Nothing is held."""

    def _failed(self, error: Exception) -> SubgraphUnavailable:
        _log.error("subgraph %s raised", self.name, exc_info=error)
        return SubgraphUnavailable(self.name, "it failed")


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
