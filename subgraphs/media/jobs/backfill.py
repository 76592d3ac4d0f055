"""The job that makes what could not be made at upload, and makes anew what an earlier pipeline made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from subgraphs.kit.domain.resources import Resources
from subgraphs.media.metrics import MediaMetrics
from subgraphs.media.models import MediaFile
from subgraphs.media.repository import MediaRepository

__all__ = ["Backfill"]

_SECONDS = 30.0
_BATCH = 4
_BEGINNING = UUID(int=0)


class Backfill:
    """A few pictures at a time, in the order of their ids, so that those that fail keep no others from their turn: what has
    no sizes again and again, what has those of an earlier pipeline, which is served meanwhile, once a process."""

    def __init__(
        self,
        resources: Resources,
        repository: MediaRepository,
        finish: Callable[[MediaFile], Awaitable[bool]],
    ) -> None:
        self._resources = resources
        self._repository = repository
        self._finish = finish
        self._degraded = self._outdated = _BEGINNING

    async def run(self) -> None:
        """Until cancelled."""
        backlog = self._resources.metrics.shared("media", MediaMetrics).backlog
        while True:
            backlog.set(await self._repository.backlog())
            await asyncio.sleep(_SECONDS)
            await self.step()

    async def step(self) -> None:
        """The next few."""
        degraded = await self._repository.degraded(self._degraded, _BATCH)
        self._degraded = degraded[-1].id if len(degraded) == _BATCH else _BEGINNING
        outdated = await self._repository.outdated(self._outdated, _BATCH)
        self._outdated = outdated[-1].id if outdated else self._outdated
        for row in (*degraded, *outdated):
            with self._resources.tracer.part("job backfill", None):
                await self._finish(row)
