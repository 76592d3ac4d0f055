"""A subgraph's subscriptions over ``graphql-transport-ws``, one connection each.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException
from websockets.typing import Subprotocol

from gateway import jsontext
from gateway.transport.answers import MALFORMED, read_answer
from gateway.transport.http.client import Limits
from gateway.transport.protocol import SubgraphAnswer, SubgraphRequest, SubgraphUnavailable

__all__ = ["subscribe_over_websocket"]

_PROTOCOL = Subprotocol("graphql-transport-ws")
_ID = "1"
_CODE = "SUBREQUEST_WEBSOCKET_ERROR"
_FINAL = frozenset({1002, 1003, 1007, 1008, 1009, 4400, 4406, 4409, 4429})
"""Closings that the next connection would meet again; for 4401 and 4403 it comes with a fresh identity."""


async def subscribe_over_websocket(
    subgraph: str, url: str, request: SubgraphRequest, limits: Limits, tls: ssl.SSLContext | None
) -> AsyncIterator[SubgraphAnswer]:
    """Yield each event's answer; closing the iterator sends ``complete`` and closes the connection."""
    socket = await _open(subgraph, url, request, limits, tls)
    completed = opened = False
    try:
        await _initialise(subgraph, socket, request, limits)
        payload = {"query": request.query, "variables": request.variables}
        if request.operation_name is not None:
            payload["operationName"] = request.operation_name
        await _send(socket, {"id": _ID, "type": "subscribe", "payload": payload})
        opened = True
        while True:
            message = await _receive(subgraph, socket)
            if message.get("type") in ("next", "error", "complete") and message.get("id") != _ID:
                continue
            match message.get("type"):
                case "next":
                    yield read_answer(subgraph, message.get("payload"))
                case "error":
                    completed = True
                    yield read_answer(subgraph, {"errors": message.get("payload")})
                    return
                case "complete":
                    completed = True
                    return
                case _:
                    await _other(subgraph, socket, message)
    except ConnectionClosed as error:
        completed = True
        passing = error.rcvd is None or error.rcvd.code not in _FINAL
        raise SubgraphUnavailable(
            subgraph, "the subscription was cut short", code=_CODE, passing=passing, cut=opened
        ) from error
    finally:
        await _leave(socket, completed)


async def _open(
    subgraph: str, url: str, request: SubgraphRequest, limits: Limits, tls: ssl.SSLContext | None
) -> ClientConnection:
    address = "ws" + url.removeprefix("http")
    try:
        return await connect(
            address,
            subprotocols=[_PROTOCOL],
            additional_headers=dict(request.headers),
            open_timeout=limits.connect_seconds,
            close_timeout=limits.connect_seconds,
            max_size=limits.answer_bytes,
            ssl=tls if address.startswith("wss") else None,
            proxy=None,
        )
    except TimeoutError as error:
        code = "SUBREQUEST_TIMEOUT"
        raise SubgraphUnavailable(subgraph, "no connection in time", code=code, passing=True) from error
    except (OSError, InvalidHandshake, WebSocketException) as error:
        raise SubgraphUnavailable(subgraph, "no WebSocket connection", code=_CODE, passing=True) from error


async def _initialise(
    subgraph: str, socket: ClientConnection, request: SubgraphRequest, limits: Limits
) -> None:
    init: dict[str, Any] = {"type": "connection_init"}
    identity = next((v for name, v in request.headers.items() if name.lower() == "authorization"), None)
    if identity is not None:
        init["payload"] = {"Authorization": identity}
    if socket.subprotocol != _PROTOCOL:
        raise SubgraphUnavailable(subgraph, "not with graphql-transport-ws", code=_CODE)
    await _send(socket, init)
    try:
        async with asyncio.timeout(limits.connect_seconds):
            while (message := await _receive(subgraph, socket)).get("type") != "connection_ack":
                await _other(subgraph, socket, message)
    except TimeoutError as error:
        raise SubgraphUnavailable(subgraph, "not in time", code="SUBREQUEST_TIMEOUT") from error


async def _other(subgraph: str, socket: ClientConnection, message: dict[str, Any]) -> None:
    if message.get("type") == "ping":
        await _send(socket, {"type": "pong"})
    elif message.get("type") != "pong":
        raise SubgraphUnavailable(subgraph, "with an unknown message", code=MALFORMED)


async def _send(socket: ClientConnection, message: dict[str, Any]) -> None:
    await socket.send(jsontext.encode(message).decode())


async def _receive(subgraph: str, socket: ClientConnection) -> dict[str, Any]:
    text = await socket.recv(decode=False)
    try:
        message = jsontext.decode(text)
    except ValueError as error:
        raise SubgraphUnavailable(subgraph, "not with JSON", code=MALFORMED) from error
    if not isinstance(message, dict):
        raise SubgraphUnavailable(subgraph, "with an unknown message", code=MALFORMED)
    return message


async def _leave(socket: ClientConnection, completed: bool) -> None:
    with contextlib.suppress(ConnectionClosed):
        if not completed:
            await _send(socket, {"id": _ID, "type": "complete"})
    await socket.close()
