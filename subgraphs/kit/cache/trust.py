"""For how long a process believes what Redis has of its domain, and how one that could not store a tombstone tells the others.

It marks the outbox's row that repeats the tombstone. Every process looks there once a second (``events/publisher.py``) and believes
Redis for TRUST_SECONDS from the beginning of a look that found no row marked. So by TRUST_SECONDS after it was marked each
process has repeated it, or has been told, or has stopped believing; then the writer answers, and earlier where the row was
sent. While an older row is still marked nobody believes Redis, so that whoever writes then waits for nobody: Redis away for
everybody costs the first writers TRUST_SECONDS, and the others two statements.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, one_of
from subgraphs.kit.database.transaction import NOTICE, TOMBSTONE
from subgraphs.kit.errors import Unavailable

__all__ = ["LOOK_SECONDS", "TRUST_SECONDS", "Look", "Trust"]

TRUST_SECONDS = 3.0
"""Not a setting: the writer counts on what the readers hold, whichever processes they are."""
LOOK_SECONDS = 1.0
_PAUSE = 0.1
_MARK = "missing"
"""The aggregate of a row whose tombstone or notice its writer could not store: such a row has no other use for one."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a process saw of the outbox."""

    waiting: bool
    """Whether anything waits to be sent."""
    missing: bool
    """Whether a tombstone, or a notice, is among it that Redis does not have."""


class Trust:
    """One process's; ``held`` is for its readers, ``regained`` for its writers."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._clock = clock
        self._pause = pause
        self._until = float("-inf")
        self._asking = asyncio.Lock()
        self._asked = float("-inf")
        self._oldest: int | None = None
        self._oldest_since = float("-inf")
        outbox = database.tables.outbox
        unsent = select(outbox.c.id).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.id).limit(1)
        marked = unsent.where(outbox.c.type.in_([TOMBSTONE, NOTICE]), outbox.c.aggregate == _MARK)
        self._look = Read[Any](select(unsent.scalar_subquery(), marked.scalar_subquery()), urgent=True)
        self._marked = Read[Any](marked, urgent=True)
        self._mark = Read[Any](
            update(outbox)
            .where(one_of(outbox.c.id, "repeats"), outbox.c.sent_at.is_(None))
            .values(aggregate=_MARK)
            .returning(outbox.c.id)
        )

    def held(self) -> bool:
        """Whether Redis may be believed just now."""
        return self._clock() < self._until

    async def look(self) -> Look:
        """See what waits; believe Redis from now on where no tombstone is missing. Raises Unavailable."""
        began = self._clock()
        ((waiting, marked),) = await self._database.rows(self._look)
        if marked is None:
            self._until = max(self._until, began + TRUST_SECONDS)
        return Look(waiting is not None, marked is not None)

    async def missing(self) -> bool:
        """Whether there is a tombstone, of whichever process, that Redis does not have. Raises Unavailable."""
        return await self._database.row(self._marked) is not None

    async def regained(self, repeats: Sequence[int]) -> None:
        """Return when no process of the domain can believe anything older than these tombstones, which could not be
        stored, and all domains were told what they are to notice, or TRUST_SECONDS went by; ``repeats`` are their
        numbers in the outbox.

        The database away as well: what is committed is answered as committed. Whoever looks meanwhile and can reach Redis
        repeats what is not even marked.
        """
        since, last = self._clock(), None
        while self._clock() < since + TRUST_SECONDS:
            try:
                if last is None:
                    rows = await self._database.rows(self._mark, repeats=repeats)
                    since = self._clock()
                    last = max(
                        (row[0] for row in rows), default=-1
                    )  # those that are not there were sent meanwhile
                oldest = await self._oldest_marked(self._clock()) if last >= 0 else None
                if oldest is None or oldest > last or self._clock() >= self._oldest_since + TRUST_SECONDS:
                    return
            except Unavailable:
                pass  # that it was marked is enough, with time
            await self._pause(_PAUSE)

    async def _oldest_marked(self, after: float) -> int | None:
        """As of a moment after this one; who asks at the same time is answered by the same statement."""
        async with self._asking:
            if self._asked <= after:
                began = self._clock()
                row = await self._database.row(self._marked)
                oldest = None if row is None else int(row[0])
                if oldest != self._oldest:
                    self._oldest, self._oldest_since = oldest, self._clock()
                self._asked = began
            return self._oldest
