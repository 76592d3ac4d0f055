"""What a CDN forgets, and when it has said so.

A purge is written in the transaction that makes it necessary and tried at once; until the CDN has
acknowledged it, it is tried again. So a CDN that is away delays it and loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select

from subgraphs.kit.clock import Clock, uuid7
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.models import timestamp
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.media.models import Purge
from subgraphs.media.serving.responses import surrogate_key

__all__ = ["Cdn", "CdnAway", "HttpCdn", "Purges"]

_log = logging.getLogger(__name__)
_PROMPT = 2.0
"""Seconds that a mutation waits for the CDN before it answers that the purge is under way."""
_SECONDS = 10.0
_IDLE = 5.0
_BATCH = 50
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
_MOST_KEYS = 200
_ASKED = Read(select(Purge).where(one_of(col(Purge.id), "ids")).order_by(col(Purge.due_at)).limit(_BATCH))
_DUE = Read(
    select(Purge)
    .where(col(Purge.due_at) <= given("now", timestamp))
    .order_by(col(Purge.due_at))
    .limit(_BATCH)
)
"""In one request: Fastly takes 256."""


class CdnAway(Exception):
    """It did not acknowledge."""


class Cdn(Protocol):
    """A cache before us that can be told to forget."""

    async def purge(self, keys: Sequence[str]) -> None:
        """Forget everything kept under any of these surrogate keys. Raises CdnAway."""
        ...


@dataclass(frozen=True, slots=True)
class HttpCdn:
    """One request with the keys in ``Surrogate-Key``, as Fastly takes it (``POST …/service/ID/purge``) and as a
    Varnish or nginx can be told to (``PURGE``)."""

    url: str
    method: str = "POST"
    token: str | None = None

    async def purge(self, keys: Sequence[str]) -> None:
        """Raises CdnAway on anything but a 2xx answer."""
        headers = {"surrogate-key": " ".join(keys), "accept": "application/json", "content-length": "0"}
        if self.token:
            headers |= {"fastly-key": self.token, "authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.url, method=self.method, headers=headers)  # noqa: S310 - a setting
        try:
            await asyncio.to_thread(_asked, request)
        except (OSError, ValueError) as error:
            raise CdnAway(str(error)) from error


def _asked(request: urllib.request.Request) -> None:
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - a setting
        answer.read(1 << 16)


class Purges:
    """Asks for purges, and sees to it that they are done. Without a CDN there is nothing to do."""

    def __init__(self, database: Database, clock: Clock, cdn: Cdn | None) -> None:
        self._database = database
        self._clock = clock
        self._cdn = cdn
        self._asked = asyncio.Event()

    def ask(self, tx: Transaction, media: Sequence[UUID]) -> list[UUID]:
        """Have these pictures forgotten once the transaction is committed; what to ``settle`` then."""
        if self._cdn is None:
            return []
        asked = []
        for at in range(0, len(media), _MOST_KEYS):
            keys = [surrogate_key(m.hex) for m in media[at : at + _MOST_KEYS]]
            purge = Purge(id=uuid7(), surrogate_keys=keys, requested_at=tx.now, due_at=tx.now)
            tx.session.add(purge)
            asked.append(purge.id)
        return asked

    async def settle(self, asked: Sequence[UUID]) -> bool | None:
        """Whether the CDN has acknowledged within a moment; None where nothing was asked."""
        if not asked:
            return None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PROMPT):
                return await self._send(await self._due(asked))
        self.nudge()
        return False

    def nudge(self) -> None:
        """Have the job look at once."""
        self._asked.set()

    async def run(self) -> None:
        """The job that sends what is due; runs until cancelled."""
        while self._cdn is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), _IDLE)
            self._asked.clear()
            while await self._send(due := await self._due()) and len(due) == _BATCH:
                pass

    async def _due(self, asked: Sequence[UUID] = ()) -> Sequence[Purge]:
        if asked:
            return await self._database.rows(_ASKED, ids=asked)
        return await self._database.rows(_DUE, now=self._clock.now())

    async def _send(self, purges: Sequence[Purge]) -> bool:
        """Whether all were acknowledged; the first that is not puts the others off, too."""
        assert self._cdn is not None or not purges  # noqa: S101 - nothing is asked without one
        for purge in purges:
            try:
                await self._cdn.purge(purge.surrogate_keys)  # type: ignore[union-attr]
            except CdnAway as error:
                _log.warning("a purge of %d keys was not acknowledged: %s", len(purge.surrogate_keys), error)
                await self._put_off(purge)
                return False
            async with self._database.write() as tx:
                await tx.session.execute(delete(Purge).where(col(Purge.id) == purge.id))
        return True

    async def _put_off(self, purge: Purge) -> None:
        pause = min(_FIRST_PAUSE * 2 ** min(purge.attempts, 10), _LONGEST_PAUSE)
        async with self._database.write() as tx:
            later = {"attempts": purge.attempts + 1, "due_at": tx.now + pause}
            await tx.session.execute(update(Purge).where(col(Purge.id) == purge.id).values(**later))
