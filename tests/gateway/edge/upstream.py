"""A subgraph on a real socket that answers queries over HTTP and subscriptions over graphql-transport-ws."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.gateway.edge.serving import served

__all__ = ["Play", "Upstream", "next_of", "upstream"]

Play: TypeAlias = Callable[["Upstream", WebSocket], Awaitable[None]]


def next_of(data: Any, **more: Any) -> dict[str, Any]:
    """The message for one event."""
    return {"id": "1", "type": "next", "payload": {"data": data, **more}}


@dataclass
class Upstream:
    """``plays`` are played one a connection, after the subscription was asked for."""

    plays: list[Play]
    answer: Callable[[dict[str, Any]], Any] = lambda _request: {"data": None}
    url: str = ""
    opened: int = 0
    ended: int = 0
    sent: int = 0
    held_up: bool = False
    bodies: list[bytes] = field(default_factory=list)
    heard: list[Any] = field(default_factory=list)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Until it is so, or the test has waited too long."""
        async with asyncio.timeout(60):
            while not holds():  # noqa: ASYNC110 - sockets take their own time
                await asyncio.sleep(0.01)

    async def execute(self, request: Request) -> Response:
        """A query; the answer is JSON, its bytes, or a whole response."""
        self.bodies.append(await request.body())
        answered = self.answer(json.loads(self.bodies[-1]))
        if isinstance(answered, Response):
            return answered
        body = answered if isinstance(answered, bytes) else json.dumps(answered)
        return Response(body, media_type="application/json")

    async def socket(self, socket: WebSocket) -> None:
        """A subscription."""
        await socket.accept("graphql-transport-ws")
        self.opened += 1
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            assert (await socket.receive_json())["type"] == "connection_init"
            await socket.send_json({"type": "connection_ack"})
            self.heard.append(await socket.receive_json())
            await self.plays.pop(0)(self, socket)
        self.ended += 1


@asynccontextmanager
async def upstream(
    *plays: Play, answer: Callable[[dict[str, Any]], Any] | None = None
) -> AsyncIterator[Upstream]:
    """It, listening."""
    made = Upstream(list(plays), answer or (lambda _request: {"data": None}))
    routes = [
        WebSocketRoute("/graphql", made.socket),
        Route("/graphql", made.execute, methods=["POST"]),
    ]
    async with served(Starlette(routes=routes)) as port:
        made.url = f"http://127.0.0.1:{port}/graphql"
        yield made
