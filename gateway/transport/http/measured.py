"""Requests' bodies, held to the length they said."""

from __future__ import annotations

from collections.abc import AsyncIterator

from gateway.transport.http.failures import Interrupted

__all__ = ["measured"]


async def measured(body: AsyncIterator[bytes], length: int | None) -> AsyncIterator[bytes]:
    """The chunks of ``body`` that hold something; raises Interrupted where they are more or less than ``length``."""
    sent = 0
    async for chunk in body:
        if not chunk:
            continue
        sent += len(chunk)
        if length is not None and sent > length:
            raise Interrupted("the request is longer than it said")
        yield chunk
    if length is not None and sent < length:
        raise Interrupted("the request ended early")
