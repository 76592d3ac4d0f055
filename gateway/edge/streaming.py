"""Work that ends with the client it is for: answers that come in pieces, and those that take long."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable
from typing import TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.edge.errors import RequestRefused

__all__ = ["Streamed", "until_left"]

_T = TypeVar("_T")
_LONG = 0.5
"""Seconds after which it is worth looking whether somebody still waits."""


class Streamed(Response):
    """A response of ``frames``; each is sent before the next one is asked for, so a slow client is waited for."""

    def __init__(self, frames: AsyncGenerator[bytes, None], media_type: str) -> None:
        self.status_code = 200
        self.background = None
        self._frames = frames
        # A proxy that gathers what it gets would keep it all until the end.
        self.init_headers(
            {"content-type": media_type, "cache-control": "no-cache", "x-accel-buffering": "no"}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the frames or the client end."""
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not sending.done():
                sending.cancel()
            await asyncio.wait((sending, leaving))
            await self._frames.aclose()
        if not sending.cancelled():
            with contextlib.suppress(OSError):  # it left while something was sent to it
                sending.result()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for frame in self._frames:
            await send({"type": "http.response.body", "body": frame, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def until_left(receive: Receive, work: Awaitable[_T]) -> _T:
    """The work's result. Raises RequestRefused, which nobody reads, where the client left before."""
    loop, working = asyncio.get_running_loop(), asyncio.current_task()
    assert working is not None  # noqa: S101
    watching: list[asyncio.Task[None]] = []

    async def watch() -> None:
        await _left(receive)
        working.cancel()

    starting = loop.call_later(_LONG, lambda: watching.append(loop.create_task(watch())))
    try:
        return await work
    except asyncio.CancelledError:
        if not (watching and watching[0].done()):
            raise
        working.uncancel()
        raise RequestRefused(400, "CLIENT_CLOSED_REQUEST", "The client has left.") from None
    finally:
        starting.cancel()
        for task in watching:
            task.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
