"""Puts a snapshot together from this process and those behind it, as often as there is something new."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

from gateway.edge.errors import RequestRefused
from gateway.edge.identity.caller import Caller
from infra.ops.ask import Ask
from infra.ops.gateways import Gateways
from infra.ops.merging import Told
from infra.ops.overview import chosen, together
from infra.ops.replicas import Asked
from infra.ops.snapshot import OpsSnapshot, snapshot
from infra.ops.table import column_seconds
from infra.ops.telling import Telling

__all__ = ["Check", "Ops"]

_PATIENCE = 2.0
"""Seconds for a service to say how it is."""

Check = Callable[[], Awaitable[None]]
"""Raises where a service is not ready."""


class Ops:
    """The product's operators' page, without its door."""

    def __init__(
        self,
        own: Telling,
        gateways: Gateways,
        others: Mapping[str, Asked],
        checks: Mapping[str, Check],
    ) -> None:
        self._own = own
        self._gateways = gateways
        self._others = others
        self._checks = checks
        self._watchers = 0

    async def snapshot(self, ask: Ask, caller: Caller) -> OpsSnapshot:
        """As of now."""
        why, own, found = await asyncio.gather(
            _why_away(self._checks),
            asyncio.to_thread(self._own.overview),
            self._gateways.overviews(caller),
        )
        answering = {at: one for at, one in found.items() if one is not None}
        seen = together([own, *answering.values()])
        asked = chosen(ask, seen)
        each = asked.of_each() if answering else asked
        part, gateways, others = await asyncio.gather(
            asyncio.to_thread(self._own.part, each),
            self._gateways.parts(answering, each, caller),
            asyncio.gather(*(service.parts(asked, caller) for service in self._others.values())),
        )
        silent = [None] * (len(found) - len(answering))
        parts: Told = {"gateway": [part, *gateways, *silent], **dict(zip(self._others, others, strict=True))}
        width = column_seconds(self._own.recorder.rules.minutes)
        return await asyncio.to_thread(snapshot, seen, why, parts, asked, width)

    async def watch(self, ask: Ask, caller: Caller) -> AsyncIterator[OpsSnapshot]:
        """One now and one after each look. Raises RequestRefused where too many watch."""
        with self._place():
            while True:
                turn = asyncio.ensure_future(self._own.recorder.next())
                try:
                    yield await self.snapshot(ask, caller)
                    await turn
                finally:
                    turn.cancel()

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        if self._watchers >= self._own.recorder.rules.watchers:
            raise RequestRefused(429, "TOO_MANY_WATCHERS", "As many operators watch as may.")
        self._watchers += 1
        try:
            yield
        finally:
            self._watchers -= 1


async def _why_away(checks: Mapping[str, Check]) -> dict[str, str]:
    """Each service with why it is not ready; empty where it is."""

    async def why(check: Check) -> str:
        try:
            await asyncio.wait_for(check(), _PATIENCE)
        except TimeoutError:
            return f"It did not answer within {_PATIENCE:g} seconds."
        except Exception as error:
            return str(error)
        return ""

    told = await asyncio.gather(*(why(check) for check in checks.values()))
    return dict(zip(checks, told, strict=True))
