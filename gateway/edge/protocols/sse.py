"""Server-sent events, distinct connections mode (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md)."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from starlette.responses import Response

from gateway import jsontext
from gateway.edge.errors import DocumentRefused, RequestRefused
from gateway.edge.http.accept import EVENT_STREAM
from gateway.edge.streaming import Streamed

__all__ = ["event_stream"]

_KEEP_ALIVE = 12.0


def event_stream(
    answers: AsyncIterator[dict[str, Any]],
    seconds_left: float | None = None,
    keep_alive: float = _KEEP_ALIVE,
    *,
    endless: bool = False,
) -> Response:
    """`next` for each answer, then `complete`; a comment now and then, so that no proxy gives up.

    The stream is over after ``seconds_left``, when the caller's token is. One that is ``endless``, a subscription,
    ends with the server: without `complete`, by which its client knows that there is more elsewhere.
    """
    left = math.inf if seconds_left is None else seconds_left
    return Streamed(_encoded(answers, left, keep_alive), f"{EVENT_STREAM}; charset=utf-8", endless=endless)


async def _encoded(
    answers: AsyncIterator[dict[str, Any]], seconds_left: float, keep_alive: float
) -> AsyncGenerator[bytes, None]:
    upcoming: asyncio.Task[dict[str, Any]] | None = None
    clock = asyncio.get_running_loop().time
    ends = clock() + seconds_left
    try:
        yield b":\n\n"  # the client learns at once that the stream is open
        while True:
            upcoming = upcoming or asyncio.ensure_future(anext(answers))
            done, _ = await asyncio.wait([upcoming], timeout=min(keep_alive, max(0.0, ends - clock())))
            if clock() >= ends:
                break
            if not done:
                yield b":\n\n"
                continue
            finished, upcoming = upcoming, None
            try:
                answer = finished.result()
            except StopAsyncIteration:
                break
            except (DocumentRefused, RequestRefused) as refused:
                answer = refused.answer()
            yield b"event: next\ndata: " + jsontext.encode(answer) + b"\n\n"
        yield b"event: complete\ndata: \n\n"
    finally:
        if upcoming is not None:
            upcoming.cancel()
            with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration, Exception):
                await upcoming
        await answers.aclose()  # type: ignore[attr-defined] # an async generator
