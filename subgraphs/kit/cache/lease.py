"""Leave to believe what Redis has of a domain, for a process that is not the domain's.

It is granted by any process of the domain while no tombstone is missing in Redis, and is shorter than what those hold
themselves, for which a writer waits whose tombstone could not be stored (``trust.py``).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from subgraphs.kit.cache.trust import Trust
from subgraphs.kit.errors import Unavailable

__all__ = ["LEASE_PATH", "LEASE_SECONDS", "Lease", "lease_route"]

LEASE_PATH = "/lease"
"""204: granted. No path of the gateway leads here."""
LEASE_SECONDS = 1.0
"""From when it was asked for; no longer than the domain's own (``trust.py``)."""
_PAUSE = 0.1
"""Seconds after a refusal in which nobody asks again."""


class Lease:
    """The holder's side; ``ask`` says whether it was granted, and may fail."""

    def __init__(
        self, ask: Callable[[], Awaitable[bool]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._until = self._refused_until = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def held(self) -> bool:
        """Whether there is one, renewed from half of its time on, so that only the first has to wait for it."""
        now = self._clock()
        if self._asking is None and now > self._until - LEASE_SECONDS / 2 and now >= self._refused_until:
            self._asking = asyncio.create_task(self._renew())
        if now >= self._until and self._asking is not None:
            await asyncio.shield(self._asking)
        return self._clock() < self._until

    async def close(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _renew(self) -> None:
        began, granted = self._clock(), False
        try:
            async with asyncio.timeout(LEASE_SECONDS):  # what comes later is over already
                granted = await self._ask()
        except TimeoutError:
            pass
        finally:
            self._asking = None
            if granted:
                self._until = began + LEASE_SECONDS
            else:
                self._refused_until = self._clock() + _PAUSE


def lease_route(trust: Trust) -> Route:
    """The domain's side."""

    async def lease(request: Request) -> Response:
        try:
            missing = await trust.missing()
        except Unavailable:
            missing = True
        return Response(status_code=503 if missing else 204, headers={"cache-control": "no-store"})

    return Route(LEASE_PATH, lease, methods=["POST"])
