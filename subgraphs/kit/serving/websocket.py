"""Subscriptions from the gateway over `graphql-transport-ws`
(https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md), the subgraph's side.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from subgraphs.kit.errors import KitError
from subgraphs.kit.serving.service import SubgraphService

__all__ = ["serve_websocket"]

_PROTOCOL = "graphql-transport-ws"
_INIT_SECONDS = 10.0
_MOST_OPERATIONS = 100


class _Close(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class _Connection:
    def __init__(self, service: SubgraphService, socket: WebSocket) -> None:
        self._service = service
        self._socket = socket
        self._headers: dict[str, str] = {}
        self._acknowledged = False
        self._operations: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        try:
            async with asyncio.timeout(_INIT_SECONDS):
                await self._handle(await self._receive())
            while True:
                await self._handle(await self._receive())
        except TimeoutError:
            await self._close(4408, "Connection initialisation timeout")
        except _Close as close:
            await self._close(close.code, str(close))
        except WebSocketDisconnect:
            pass
        finally:
            for task in self._operations.values():
                task.cancel()
            await asyncio.gather(*self._operations.values(), return_exceptions=True)

    async def _handle(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                await self._init(message.get("payload") or {})
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                self._subscribe(message)
            case "complete":
                if task := self._operations.pop(str(message.get("id")), None):
                    task.cancel()
            case _:
                raise _Close(4400, "Unknown message")

    async def _init(self, payload: dict[str, Any]) -> None:
        if self._acknowledged:
            raise _Close(4429, "Too many initialisation requests")
        given = payload.get("Authorization") or self._socket.headers.get("authorization", "")
        trace = {k: v for k, v in self._socket.headers.items() if k == "traceparent"}
        self._headers = {"authorization": str(given), **trace}
        try:
            await self._service.viewer(self._headers)
        except KitError as error:
            raise _Close(4403, "Forbidden") from error
        self._acknowledged = True
        await self._send({"type": "connection_ack"})

    def _subscribe(self, message: dict[str, Any]) -> None:
        if not self._acknowledged:
            raise _Close(4401, "Unauthorized")
        key, payload = str(message.get("id")), message.get("payload")
        if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
            raise _Close(4400, "Invalid subscribe message")
        if key in self._operations:
            raise _Close(4409, f"Subscriber for {key} already exists")
        if len(self._operations) >= _MOST_OPERATIONS:
            raise _Close(4429, "Too many operations")
        self._operations[key] = asyncio.create_task(self._stream(key, payload))

    async def _stream(self, key: str, payload: dict[str, Any]) -> None:
        answers = self._service.subscribe(
            payload["query"], payload.get("variables") or {}, payload.get("operationName"), self._headers
        )
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            async with contextlib.aclosing(answers):  # type: ignore[type-var]
                async for answer in answers:
                    await self._send({"id": key, "type": "next", "payload": answer})
            self._operations.pop(key, None)
            await self._send({"id": key, "type": "complete"})

    async def _receive(self) -> dict[str, Any]:
        try:
            message = msgspec.json.decode(await self._socket.receive_text())
        except (msgspec.DecodeError, KeyError) as error:
            raise _Close(4400, "A message is a JSON object in a text frame") from error
        if not isinstance(message, dict):
            raise _Close(4400, "A message is a JSON object")
        return message

    async def _send(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(msgspec.json.encode(message).decode())

    async def _close(self, code: int, reason: str) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.close(code, reason)


async def serve_websocket(service: SubgraphService, socket: WebSocket) -> None:
    """Serve one connection until either side ends it."""
    if _PROTOCOL not in socket.scope.get("subprotocols", ()):
        await socket.close(1002)
        return
    await socket.accept(_PROTOCOL)
    await _Connection(service, socket).run()
