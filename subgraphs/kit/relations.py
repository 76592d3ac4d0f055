"""Who follows and blocks whom, in every domain's own database.

The user domain writes the edges; the others keep a projection by events. A change is also written through
Redis before its mutation answers, so that a block holds on the next read everywhere, projection or not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Table, Uuid, and_, delete, or_, select, union_all
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from subgraphs.kit.database import Database
from subgraphs.kit.errors import Unavailable
from subgraphs.kit.reads import Read, given, one_of
from subgraphs.kit.redis import RedisLink
from subgraphs.kit.transaction import Event, Transaction

__all__ = [
    "BLOCK",
    "FOLLOW",
    "NO_RELATION",
    "RELATION_CHANGED",
    "Relation",
    "Relations",
    "not_severed",
    "project_relation",
]

FOLLOW, BLOCK = "follow", "block"
RELATION_CHANGED = "user.relation_changed"
_WRITE_THROUGH_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Relation:
    """How the viewer and one other user stand to each other."""

    following: bool = False
    followed_by: bool = False
    blocking: bool = False
    blocked_by: bool = False

    @property
    def severed(self) -> bool:
        """A block, either way: neither sees the other."""
        return self.blocking or self.blocked_by


NO_RELATION = Relation()

_FIELDS = (
    ("following", FOLLOW, False),
    ("followed_by", FOLLOW, True),
    ("blocking", BLOCK, False),
    ("blocked_by", BLOCK, True),
)


class Relations:
    """Reads the edges of one viewer to many others in one statement, and Redis's newer word where it has one."""

    def __init__(self, database: Database, link: RedisLink) -> None:
        self._database = database
        self._link = link
        edges, viewer = database.tables.relation_edges, given("viewer", Uuid)
        self._between = Read[Any](
            select(edges.c.user_id, edges.c.other_id, edges.c.kind).where(
                or_(
                    and_(edges.c.user_id == viewer, one_of(edges.c.other_id, "others")),
                    and_(edges.c.other_id == viewer, one_of(edges.c.user_id, "others")),
                )
            )
        )
        self._followees = Read[Any](
            select(edges.c.other_id)
            .where(edges.c.user_id == viewer, edges.c.kind == FOLLOW)
            .order_by(edges.c.since.desc())
            .limit(given("count", Integer))
        )

    async def between(self, viewer: UUID, others: Sequence[UUID]) -> dict[UUID, Relation]:
        """The relation to each of the others that has one; nobody has one to oneself."""
        asked = [other for other in others if other != viewer]
        if not asked:
            return {}
        rows = await self._database.rows(self._between, viewer=viewer, others=asked)
        held = {(user, other, kind) for user, other, kind in rows}
        if await self._changed_lately(viewer):
            await self._overlay(viewer, asked, held)
        return {
            other: Relation(
                **{
                    name: ((other, viewer, kind) if reverse else (viewer, other, kind)) in held
                    for name, kind, reverse in _FIELDS
                }
            )
            for other in {other if user == viewer else user for user, other, _ in held}
        }

    async def followees(self, viewer: UUID, limit: int = 1000) -> list[UUID]:
        """Whom the viewer follows, newest first."""
        return [row[0] for row in await self._database.rows(self._followees, viewer=viewer, count=limit)]

    async def write_through(self, user: UUID, other: UUID, kind: str, held: bool) -> None:
        """Let every domain see the change on its next read, before its projection has it."""
        pipeline = self._link.client.pipeline(transaction=True)
        pipeline.set(_key(user, other, kind), b"1" if held else b"0", ex=_WRITE_THROUGH_SECONDS)
        for changed in (user, other):
            pipeline.set(_changed(changed), b"1", ex=_WRITE_THROUGH_SECONDS)
        with contextlib.suppress(Unavailable):
            await self._link.call(pipeline.execute())

    async def _changed_lately(self, viewer: UUID) -> bool:
        """Whether there may be anything newer in Redis: of most viewers, and most of the time, there is not."""
        try:
            return await self._link.call(self._link.client.get(_changed(viewer))) is not None
        except Unavailable:
            return False

    async def _overlay(self, viewer: UUID, others: Sequence[UUID], held: set[tuple[UUID, UUID, str]]) -> None:
        edges = [
            (other, viewer, kind) if reverse else (viewer, other, kind)
            for other in others
            for _, kind, reverse in _FIELDS
        ]
        try:
            values = await self._link.call(self._link.client.mget([_key(*e) for e in edges]))
        except Unavailable:
            return
        for edge, value in zip(edges, values, strict=True):
            if value == b"1":
                held.add(edge)
            elif value == b"0":
                held.discard(edge)


def not_severed(edges: Table, other: Any) -> ColumnElement[bool]:
    """No block between whoever is given as ``viewer`` and this column's user, either way.

    PostgreSQL hashes the viewer's blocks once.
    """
    viewer = given("viewer", Uuid)
    blocked = select(edges.c.other_id).where(edges.c.user_id == viewer, edges.c.kind == BLOCK)
    blocking = select(edges.c.user_id).where(edges.c.other_id == viewer, edges.c.kind == BLOCK)
    return col(other).not_in(union_all(blocked, blocking))


async def project_relation(tx: Transaction, event: Event, tables: Any) -> None:
    """Keep a domain's projection: the handler of RELATION_CHANGED."""
    payload = event.payload
    user, other, kind = UUID(payload["user"]), UUID(payload["other"]), payload["kind"]
    edges = tables.relation_edges
    if payload["held"]:
        since = datetime.fromisoformat(payload["since"])
        await tx.session.execute(
            upsert(edges)
            .values(user_id=user, other_id=other, kind=kind, since=since)
            .on_conflict_do_nothing()
        )
    else:
        await tx.session.execute(
            delete(edges).where(edges.c.user_id == user, edges.c.other_id == other, edges.c.kind == kind)
        )


def _key(user: UUID, other: UUID, kind: str) -> str:
    return f"relation:{kind}:{user.hex}:{other.hex}"


def _changed(user: UUID) -> str:
    """Set for as long as any edge of the user's may be."""
    return f"relation:changed:{user.hex}"
