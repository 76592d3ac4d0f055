"""A service that is live at once, and itself as soon as what it stands on answers.

A database that is away must not end a process, nor let it be taken for dead: the orchestrator would start it
again and again, and all of them at once when the database is back. So the port is opened first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from infra.errors import Away
from subgraphs.kit.errors import Unavailable

__all__ = ["Opening"]

_log = logging.getLogger("lets_connect.opening")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0

Open = Callable[[], AbstractAsyncContextManager[ASGIApp]]


class Opening:
    """An ASGI application that stands for another until that one is there."""

    def __init__(self, name: str, open_: Open, *, first_pause: float = _FIRST_PAUSE) -> None:
        self._name = name
        self._open = open_
        self._first_pause = first_pause
        self._app: ASGIApp | None = None
        self._reason = "It is starting."
        self._ended = asyncio.Event()

    async def run(self, serve: Callable[[ASGIApp], Awaitable[None]], opened: Callable[[], None]) -> None:
        """Serve until ``serve`` returns, and close what was opened; ``opened`` is called once it is.

        Raises CommandError, and whatever else ``open_`` does, but for Away and Unavailable: those are tried again.
        """
        try:
            async with asyncio.TaskGroup() as group:
                holding = group.create_task(self._hold(opened))
                await serve(self)
                if self._app is None:
                    holding.cancel()
                self._ended.set()
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is not None:
            return await self._app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1013, "reason": self._reason})
        if scope["path"] == "/health/live":
            answer = JSONResponse({"status": "ok", "service": self._name})
        else:
            told = {"status": "unavailable", "service": self._name, "reason": self._reason}
            answer = JSONResponse(told, 503, {"retry-after": "1"})
        return await answer(scope, receive, send)

    async def _hold(self, opened: Callable[[], None]) -> None:
        async with AsyncExitStack() as stack:
            self._app = await self._first(stack)
            opened()
            await self._ended.wait()

    async def _first(self, stack: AsyncExitStack) -> ASGIApp:
        pause = self._first_pause
        while True:
            try:
                return await stack.enter_async_context(self._open())
            except (Away, Unavailable) as error:
                shown = error.shown if isinstance(error, Away) else str(error)
                if shown != self._reason:
                    _log.warning("%s is not ready: %s", self._name, error)
                self._reason = shown
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
