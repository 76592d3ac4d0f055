"""How many uploads of one request each, or turns of pictures, are in work at a time.

Those that find no room wait, in the order they came, and unread: what their clients send stays with the clients, so that
a wait costs next to nothing, where a refusal costs a body that is thrown away and sent again. Beyond those who may wait, and
who have waited too long, clients are told when to come again. Of both, the places and those to wait, one person has a share.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

from subgraphs.kit.errors import RateLimited
from subgraphs.kit.settings import Storage
from subgraphs.media.limits.bandwidth import Pace, Sleep

__all__ = ["Admission"]

_LONGEST_PAUSE = 30
"""Seconds that clients are asked to stay away at most."""


class Admission:
    """Of one process. Who is refused is asked to wait as long as those before them take just now, and up to as long
    again, so that they do not all come back at one moment."""

    def __init__(
        self,
        limits: Storage,
        *,
        now: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.pace = Pace(limits.upload_rate, now, sleep)
        """Of all uploads that were let in."""
        self.waste = Pace(limits.upload_rate, now, sleep)
        """Of all that were not: they take nothing from the others."""
        self._limits = limits
        self._now = now
        self._chance = chance
        self._room = asyncio.Semaphore(limits.uploads_at_once)
        self._own: WeakValueDictionary[UUID, _Own] = WeakValueDictionary()
        """Of those who have an upload in work or waiting."""
        self._waiting = 0
        self._seconds = 1.0

    @asynccontextmanager
    async def slot(self, viewer: UUID) -> AsyncIterator[None]:
        """For the length of an upload, from its first byte. Raises RateLimited."""
        own = self._own.setdefault(viewer, _Own(self._limits.uploads_at_once_each))
        await self._enter(own)
        began = self._now()
        try:
            yield
        finally:
            self._room.release()
            own.room.release()
            self._seconds += (self._now() - began - self._seconds) / 8

    async def _enter(self, own: _Own) -> None:
        if not (own.room.locked() or self._room.locked()):
            await own.room.acquire()
            await self._room.acquire()
            return
        full = self._waiting >= self._limits.uploads_waiting
        if full or own.waiting >= self._limits.uploads_waiting_each:
            raise self._refused(own)
        self._waiting += 1
        own.waiting += 1
        try:
            async with asyncio.timeout(self._limits.upload_wait_seconds):
                await self._acquire(own)
        except TimeoutError:
            raise self._refused(own) from None
        finally:
            self._waiting -= 1
            own.waiting -= 1

    async def _acquire(self, own: _Own) -> None:
        """One's own first: who has taken their share stands before nobody else."""
        await own.room.acquire()
        try:
            await self._room.acquire()
        except BaseException:
            own.room.release()
            raise

    def _refused(self, own: _Own) -> RateLimited:
        before = max(
            self._waiting / self._limits.uploads_at_once, own.waiting / self._limits.uploads_at_once_each
        )
        seconds = self._seconds * (1 + before) * (1 + self._chance())
        return RateLimited(min(_LONGEST_PAUSE, math.ceil(seconds)))


class _Own:
    """One person's share of the places."""

    def __init__(self, most: int) -> None:
        self.room = asyncio.Semaphore(most)
        self.waiting = 0
