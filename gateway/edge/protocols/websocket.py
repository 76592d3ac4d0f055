"""`graphql-transport-ws` (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md) for clients."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from gateway import jsontext
from gateway.config import GatewaySettings
from gateway.edge.errors import DocumentRefused, RequestRefused
from gateway.edge.http.accept import wish
from gateway.edge.http.rates import Rates
from gateway.edge.identity.caller import Caller
from gateway.edge.operations import Operations
from gateway.edge.operations.parameters import Parameters, read_parameters
from gateway.execution import Format
from gateway.telemetry.tracing import OperationTrace

__all__ = ["WebSocketDoor"]

_PROTOCOL = "graphql-transport-ws"


class _Close(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class WebSocketDoor:
    """`/graphql` over WebSocket.

    ``connection_init`` may carry what would be headers: ``Authorization``, and an ``Accept`` for answers in parts.
    """

    def __init__(self, operations: Operations, rates: Rates, settings: GatewaySettings) -> None:
        self._operations = operations
        self._rates = rates
        self._settings = settings

    async def __call__(self, socket: WebSocket) -> None:
        """Serve one connection until either side ends it."""
        if _PROTOCOL not in socket.scope.get("subprotocols", ()):
            await socket.accept()
            await socket.close(4406, "Subprotocol not acceptable")
            return
        await socket.accept(_PROTOCOL)
        await _Connection(socket, self._operations, self._rates, self._settings).run()


class _Connection:
    def __init__(
        self, socket: WebSocket, operations: Operations, rates: Rates, settings: GatewaySettings
    ) -> None:
        self._socket = socket
        self._operations = operations
        self._rates = rates
        self._guards = settings.guards
        self._caller: Caller | None = None
        self._parts: Format | None = None
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        try:
            async with asyncio.timeout(self._guards.init_seconds):
                while self._caller is None:
                    await self._handle(await self._receive())
            async with asyncio.timeout(self._operations.access.seconds_left(self._caller)):
                while True:
                    await self._handle(await self._receive())
        except TimeoutError:
            late = self._caller is None
            code, reason = (4408, "Connection initialisation timeout") if late else (4403, "Token expired")
            await self._close(code, reason)
        except _Close as close:
            await self._close(close.code, str(close))
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _handle(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                await self._init(message.get("payload"))
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                self._subscribe(message)
            case "complete":
                if task := self._running.pop(str(message.get("id")), None):
                    task.cancel()
            case _:
                raise _Close(4400, "Invalid message")

    async def _init(self, payload: Any) -> None:
        if self._caller is not None:
            raise _Close(4429, "Too many initialisation requests")
        if payload is not None and not isinstance(payload, dict):
            raise _Close(4400, "Invalid connection_init payload")
        given = {str(k).lower(): v for k, v in (payload or {}).items()}
        token = given.get("authorization") or self._socket.headers.get("authorization")
        if token is not None and not isinstance(token, str):
            raise _Close(4400, "Invalid Authorization")
        accept = given.get("accept")
        if accept is not None and not isinstance(accept, str):
            raise _Close(4400, "Invalid Accept")
        address = self._socket.state.address
        try:
            self._parts = wish(accept).parts
            self._caller = await self._operations.access.caller(token, address)
        except RequestRefused as refused:
            raise _Close(4401 if refused.status == 401 else 4500, str(refused)) from refused
        await self._send({"type": "connection_ack"})

    def _subscribe(self, message: dict[str, Any]) -> None:
        if self._caller is None:
            raise _Close(4401, "Unauthorized")
        key = message.get("id")
        if not isinstance(key, str) or not key or not isinstance(message.get("payload"), dict):
            raise _Close(4400, "Invalid subscribe message")
        if key in self._running:
            raise _Close(4409, f"Subscriber for {key} already exists")
        if len(self._running) >= self._guards.socket_operations:
            raise _Close(4429, "Too many operations")
        try:
            parameters = read_parameters(message["payload"])
        except RequestRefused as refused:
            raise _Close(4400, str(refused)) from refused
        self._running[key] = asyncio.create_task(self._run(key, parameters, self._caller))

    async def _run(self, key: str, parameters: Parameters, caller: Caller) -> None:
        operations = self._operations
        parent = parameters.extensions.get("traceparent")  # a browser's socket has no headers to give
        trace = operations.tracing.begin(parent if isinstance(parent, str) else None, served=False)
        try:
            await self._answer(key, parameters, caller, operations.record(trace, caller))
        finally:
            operations.tracing.finish(trace)

    async def _answer(self, key: str, parameters: Parameters, caller: Caller, record: OperationTrace) -> None:
        operations = self._operations
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            try:
                self._rates.take(caller.address)
                prepared = await operations.prepare(parameters, caller, record, defer=self._parts is not None)
                if prepared.kind == "subscription":
                    events = operations.subscribe(prepared, parameters.variables, caller, record)
                    await self._send_all(key, events)
                elif prepared.defers and self._parts is not None:
                    answers = operations.stream(prepared, parameters.variables, caller, record, self._parts)
                    await self._send_all(key, answers)
                else:
                    answer = await operations.execute(prepared, parameters.variables, caller, record)
                    await self._send({"id": key, "type": "next", "payload": answer})
            except (DocumentRefused, RequestRefused) as refused:
                self._running.pop(key, None)
                await self._send({"id": key, "type": "error", "payload": refused.answer()["errors"]})
            else:
                self._running.pop(key, None)
                await self._send({"id": key, "type": "complete"})

    async def _send_all(self, key: str, answers: AsyncIterator[dict[str, Any]]) -> None:
        """Each is sent before the next one is asked for."""
        async with contextlib.aclosing(answers):  # type: ignore[type-var] # an async generator
            async for answer in answers:
                await self._send({"id": key, "type": "next", "payload": answer})

    async def _receive(self) -> dict[str, Any]:
        try:
            message = jsontext.decode_strictly(await self._socket.receive_text())
        except (ValueError, KeyError, RecursionError) as error:
            raise _Close(4400, "A message is a JSON object in a text frame") from error
        if not isinstance(message, dict):
            raise _Close(4400, "A message is a JSON object")
        return message

    async def _send(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(jsontext.encode(message).decode())

    async def _close(self, code: int, reason: str) -> None:
        if self._socket.application_state != WebSocketState.DISCONNECTED:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await self._socket.close(code, reason[:120])
