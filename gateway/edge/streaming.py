"""Answers that come in pieces, and end with the client: when it goes away, so does the work for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

__all__ = ["Streamed"]


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


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
