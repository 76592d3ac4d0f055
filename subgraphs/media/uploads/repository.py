"""The SQL of uploads in several steps. Statuses only move on: an upload that has ended never takes a byte again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Integer, Uuid, and_, delete, func, insert, or_, update
from sqlmodel import col, select

from subgraphs.kit.database.database import Database
from subgraphs.kit.database.models import timestamp
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.media.models import UploadPart, UploadSession

__all__ = ["Open", "Part", "Sessions"]

OPEN = ("PENDING", "RECEIVED")
_LEASE = timedelta(minutes=10)
"""For one attempt to finish; who dies in it is followed by another after that."""
_FIRST_TURN = timedelta(seconds=5)
_KEPT = timedelta(days=7)
"""How long an ended upload can still be asked about."""


_GET = Read(select(UploadSession).where(col(UploadSession.id) == given("session", Uuid)))
_PARTS = Read(
    select(UploadPart)
    .where(col(UploadPart.session_id) == given("session", Uuid))
    .order_by(col(UploadPart.start))
)
_LEFT = and_(col(UploadSession.lease).is_(None), col(UploadSession.updated_at) < given("left", timestamp))
_WAITING = Read(
    select(UploadSession)
    .where(
        col(UploadSession.status) == "RECEIVED",
        or_(_LEFT, col(UploadSession.leased_until) < given("now", timestamp)),
    )
    .order_by(col(UploadSession.id))
    .limit(given("count", Integer))
)
_UNCLEARED = Read(
    select(UploadSession)
    .where(col(UploadSession.status).not_in(OPEN), col(UploadSession.cleared_at).is_(None))
    .limit(given("count", Integer))
)
_UNDER_WAY: Read[Any] = Read(
    select(col(UploadSession.id)).where(
        one_of(col(UploadSession.id), "sessions"), col(UploadSession.cleared_at).is_(None)
    )
)


@dataclass(frozen=True, slots=True)
class Open:
    """Of one person's uploads under way: how many, and the bytes they have announced."""

    count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of an upload, stored."""

    start: int
    bytes: int
    key: str


class Sessions:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, session: UUID) -> UploadSession | None:
        return await self._database.row(_GET, session=session)

    async def parts(self, session: UUID) -> Sequence[UploadPart]:
        """In order, without gaps."""
        return await self._database.rows(_PARTS, session=session)

    async def open_of(self, tx: Transaction, owner: UUID) -> Open:
        """Exact where the owner's quota is locked."""
        announced = func.coalesce(func.sum(func.coalesce(UploadSession.bytes, UploadSession.received)), 0)
        statement = select(func.count(), announced).where(
            col(UploadSession.owner_id) == owner, col(UploadSession.status).in_(OPEN)
        )
        count, size = (await tx.session.execute(statement)).one()
        return Open(count, int(size))

    async def announce(self, tx: Transaction, session: UUID, size: int) -> bool:
        """A length that was not said at the start; False where one is known."""
        unknown = (col(UploadSession.status) == "PENDING", col(UploadSession.bytes).is_(None))
        return await self._change(tx, session, *unknown, bytes=size)

    async def record(self, tx: Transaction, session: UUID, start: int, parts: Sequence[Part]) -> bool:
        """Bytes that are stored; False where the upload stands elsewhere by now, or has ended."""
        more = sum(part.bytes for part in parts)
        here = (col(UploadSession.status) == "PENDING", col(UploadSession.received) == start)
        if not await self._change(tx, session, *here, received=start + more):
            return False
        rows = [{"session_id": session, "start": p.start, "bytes": p.bytes, "key": p.key} for p in parts]
        await tx.session.execute(insert(UploadPart), rows)
        return True

    async def received(self, tx: Transaction, session: UUID) -> bool:
        """All bytes are there, also those that a client put past us: from now on it does not expire."""
        pending, whole = col(UploadSession.status) == "PENDING", col(UploadSession.bytes)
        return await self._change(tx, session, pending, status="RECEIVED", received=whole)

    async def lease(self, tx: Transaction, session: UUID) -> UUID | None:
        """The right to finish it, for a while; None while someone else has it, or it has ended."""
        token = uuid4()
        free = or_(col(UploadSession.lease).is_(None), col(UploadSession.leased_until) < tx.now)
        ready = (col(UploadSession.status) == "RECEIVED", free)
        leased = await self._change(tx, session, *ready, lease=token, leased_until=tx.now + _LEASE)
        return token if leased else None

    async def end_lease(self, tx: Transaction, session: UUID, lease: UUID, again_at: datetime) -> None:
        """Not finished: no sooner than then."""
        await self._change(tx, session, col(UploadSession.lease) == lease, leased_until=again_at)

    async def finished(
        self, tx: Transaction, session: UUID, lease: UUID, *, media: UUID | None, error: str | None = None
    ) -> bool:
        """DONE with a picture, FAILED without; False where the lease has passed to someone else."""
        mine = (col(UploadSession.status) == "RECEIVED", col(UploadSession.lease) == lease)
        status = "FAILED" if media is None else "DONE"
        return await self._change(tx, session, *mine, status=status, media_id=media, error=error)

    async def abort(self, tx: Transaction, session: UUID) -> bool:
        """False where it has ended already."""
        return await self._change(tx, session, col(UploadSession.status).in_(OPEN), status="ABORTED")

    async def expire(self, tx: Transaction) -> int:
        """End those that were not finished in time; how many."""
        late = (col(UploadSession.status) == "PENDING", col(UploadSession.expires_at) < tx.now)
        statement = update(UploadSession).where(*late).values(status="EXPIRED", updated_at=tx.now)
        return len((await tx.session.scalars(statement.returning(col(UploadSession.id)))).all())

    async def waiting(self, now: datetime, limit: int) -> Sequence[UploadSession]:
        """Received, and being finished by nobody; oldest first. Whoever received it has the first turn."""
        left = now - _FIRST_TURN
        return await self._database.rows(_WAITING, now=now, left=left, count=limit)

    async def uncleared(self, limit: int) -> Sequence[UploadSession]:
        """Ended, with objects that may still be there."""
        return await self._database.rows(_UNCLEARED, count=limit)

    async def cleared(self, tx: Transaction, session: UUID) -> None:
        """Its objects are removed."""
        await tx.session.execute(delete(UploadPart).where(col(UploadPart.session_id) == session))
        await self._change(tx, session, cleared_at=tx.now)

    async def forget(self, tx: Transaction) -> None:
        """Rows of uploads that ended long ago."""
        old = col(UploadSession.cleared_at) < tx.now - _KEPT
        await tx.session.execute(delete(UploadSession).where(old))

    async def under_way(self, sessions: Sequence[UUID]) -> set[UUID]:
        """Which of these may still have objects."""
        rows = await self._database.rows(_UNDER_WAY, sessions=sessions)
        return {session for (session,) in rows}

    async def _change(
        self, tx: Transaction, session: UUID, *where: ColumnElement[bool], **values: Any
    ) -> bool:
        statement = (
            update(UploadSession)
            .where(col(UploadSession.id) == session, *where)
            .values(updated_at=tx.now, version=UploadSession.version + 1, **values)
            .returning(col(UploadSession.id))
        )
        return (await tx.session.execute(statement)).first() is not None
