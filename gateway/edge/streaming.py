"""Work that ends with the client it is for: answers that come in pieces, and those that take long."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.edge.errors import RequestRefused

__all__ = ["DRAINING", "Leaving", "Streamed", "to_its_end"]

_T = TypeVar("_T")
DRAINING = "draining"
"""In the state of a request's scope: an ``asyncio.Event`` that is set once the server ends, and waits for what is
under way."""
_LONG = 0.5
"""Seconds after which it is worth looking whether somebody still waits."""
_LOOKS = 0.25
"""Seconds between looks at what has become long."""


class Streamed(Response):
    """A response of ``frames``; each is sent before the next one is asked for, so a slow client is waited for.

    One that is ``endless`` ends with the server: the body is whole, and whoever reads it asks again elsewhere.
    """

    def __init__(
        self, frames: AsyncGenerator[bytes, None], media_type: str, *, endless: bool = False
    ) -> None:
        self.status_code = 200
        self.background = None
        self._frames = frames
        self._endless = endless
        # A proxy that gathers what it gets would keep it all until the end.
        self.init_headers(
            {"content-type": media_type, "cache-control": "no-cache", "x-accel-buffering": "no"}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the frames, the client or the server end."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_left(receive))
        draining = asyncio.create_task(self._draining(scope))
        tasks = (sending, leaving, draining)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stays = draining.done() and not leaving.done()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await self._frames.aclose()
        if not sending.cancelled():
            with contextlib.suppress(OSError):  # it left while something was sent to it
                sending.result()
        elif stays:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send) -> None:
        async for frame in self._frames:
            await send({"type": "http.response.body", "body": frame, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _draining(self, scope: Scope) -> None:
        event: asyncio.Event | None = scope.get("state", {}).get(DRAINING)
        await (event if self._endless and event is not None else asyncio.Event()).wait()


class Leaving:
    """Ends work whose client has left. Whether it has is looked at for what takes long: four times a second for all
    together, since a timer for each would cost more than most of the work."""

    def __init__(self) -> None:
        self._young: dict[_Watch, None] = {}
        """The oldest first."""
        self._looking = False

    async def until_left(self, receive: Receive, work: Awaitable[_T]) -> _T:
        """The work's result. Raises RequestRefused, which nobody reads, where the client left before."""
        working = asyncio.current_task()
        assert working is not None  # noqa: S101
        watch = _Watch(receive, working)
        self._young[watch] = None
        if not self._looking:
            self._look_again()
        try:
            return await work
        except asyncio.CancelledError:
            if watch.task is None or not watch.task.done():
                raise
            working.uncancel()
            raise RequestRefused(400, "CLIENT_CLOSED_REQUEST", "The client has left.") from None
        finally:
            if watch.task is None:
                del self._young[watch]
            else:
                watch.task.cancel()

    def _look(self) -> None:
        before = time.monotonic() - _LONG
        for watch in [*self._young]:
            if watch.began > before:
                break
            del self._young[watch]
            watch.begin()
        self._looking = False
        if self._young:
            self._look_again()

    def _look_again(self) -> None:
        self._looking = True
        asyncio.get_running_loop().call_later(_LOOKS, self._look)


class _Watch:
    """Ends work once its client has left."""

    __slots__ = ("_receive", "_working", "began", "task")

    def __init__(self, receive: Receive, working: asyncio.Task[Any]) -> None:
        self._receive = receive
        self._working = working
        self.began = time.monotonic()
        self.task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self.task = asyncio.get_running_loop().create_task(self._end())

    async def _end(self) -> None:
        await _left(self._receive)
        self._working.cancel()


async def to_its_end(work: Awaitable[_T]) -> _T:
    """The work's result. Whoever is cancelled while they wait for it is so when it is over."""
    working = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(working)
    finally:
        if not working.done():
            await asyncio.wait([working])


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
