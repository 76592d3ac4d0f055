"""Answers to requests whose body nobody wants."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from subgraphs.media.limits.bandwidth import Turn

__all__ = ["EarlyAnswer"]

_SECONDS = 10.0
_BYTES = 16 << 20


class EarlyAnswer(Response):
    """Given at once. What the client still sends is read for a while, in turns, and thrown away: many clients read nothing
    before they have sent all, and of a connection that is closed under them see no answer. Then it is closed."""

    def __init__(
        self, answer: Response, turn: Turn, *, seconds: float = _SECONDS, most_bytes: int = _BYTES
    ) -> None:
        super().__init__(answer.body, answer.status_code)
        self.raw_headers = [*answer.raw_headers, (b"connection", b"close")]
        self._turn = turn
        self._seconds = seconds
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        with suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                await self._drain(receive)
        await send({"type": "http.response.body", "body": b""})

    async def _drain(self, receive: Receive) -> None:
        seen = 0
        while seen <= self._most_bytes:
            message = await receive()
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                return
            size = len(message.get("body", b""))
            await self._turn(size)
            seen += size
