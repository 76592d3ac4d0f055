"""Request bodies, counted and timed while they arrive: a length header is a claim, not a fact."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from gateway.config import Guards
from gateway.edge.errors import RequestRefused

__all__ = ["WHOLE", "counted", "read_body"]

WHOLE = "whole"
"""In the state of a request's scope: that its body has come already, so that nobody waits for it."""
_MEBIBYTE = 1 << 20


async def read_body(request: Request, guards: Guards) -> bytes:
    """The whole body of a small request. Raises RequestRefused (413, 408)."""
    _check_claim(request, guards.body_bytes)
    try:
        if request.scope.get("state", {}).get(WHOLE):  # a timer would cost more than the reading
            return await _whole(request, guards.body_bytes)
        async with asyncio.timeout(guards.body_seconds):
            return await _whole(request, guards.body_bytes)
    except TimeoutError as error:
        raise _late() from error
    except ClientDisconnect as error:
        raise _cut_off() from error


async def _whole(request: Request, limit: int) -> bytes:
    chunks: list[bytes] = []
    seen = 0
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        more = message.get("more_body", False)
        seen += len(chunk)
        if seen > limit:
            raise _too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


async def counted(
    request: Request, limit: int, seconds: float, *, by_progress: bool = False
) -> AsyncIterator[bytes]:
    """The body's chunks, up to ``limit`` bytes and ``seconds``; ``by_progress`` allows as long again a MiB.

    Raises RequestRefused; a client that goes away ends it the same way, with nobody there to read it.
    """
    _check_claim(request, limit)
    seen, chunks = 0, request.stream().__aiter__()
    clock = asyncio.get_running_loop().time
    began = clock()
    while True:
        allowed = seconds * (1 + seen / _MEBIBYTE) if by_progress else seconds
        try:
            async with asyncio.timeout(max(0.0, began + allowed - clock())):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise _late() from error
        except ClientDisconnect as error:
            raise _cut_off() from error
        seen += len(chunk)
        if seen > limit:
            raise _too_large(limit)
        if chunk:
            yield chunk


def _check_claim(request: Request, limit: int) -> None:
    if int(request.headers.get("content-length") or 0) > limit:
        raise _too_large(limit)


def _late() -> RequestRefused:
    close = {"connection": "close"}
    return RequestRefused(408, "REQUEST_TIMEOUT", "The request did not come whole.", close)


def _cut_off() -> RequestRefused:
    return RequestRefused(400, "CLIENT_CLOSED_REQUEST", "The request was not sent whole.")


def _too_large(limit: int) -> RequestRefused:
    size = f"{limit >> 20} MiB" if limit >= _MEBIBYTE else f"{limit:,} bytes"
    message = f"A request of this kind has at most {size}."
    return RequestRefused(413, "PAYLOAD_TOO_LARGE", message, {"connection": "close"})
