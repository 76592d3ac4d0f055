"""Who follows and blocks whom, in every domain's own database.

The user domain writes the edges; the others keep a projection by events. A change also gives notice
before its mutation answers, so that a block holds on the next read everywhere, projection or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Table,
    Uuid,
    and_,
    column,
    delete,
    func,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.cache.decoded import Beside
from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Event, Transaction
from subgraphs.kit.errors import Unavailable
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = [
    "BLOCK",
    "FOLLOW",
    "NO_RELATION",
    "RELATION_CHANGED",
    "Relation",
    "Relations",
    "forget_relation",
    "not_severed",
    "notify_relation",
    "project_relation",
]

FOLLOW, BLOCK = "follow", "block"
RELATION_CHANGED = "user.relation_changed"


class Relation(Struct, frozen=True, gc=False):
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

_KINDS = (FOLLOW, BLOCK)
_PAIR, _APART = "relation", "apart"
"""The cache's names for what is between two users, and for whether any block is between a user and others."""


def _bit(user: UUID, other: UUID, kind: str) -> int:
    """Of an edge, among those between its two users."""
    return 1 << (2 * _KINDS.index(kind) + (user.int > other.int))


def _seen(mask: int, viewer: UUID, other: UUID) -> Relation:
    return (_FROM_GREATER if viewer.int > other.int else _FROM_LESS)[mask]


_FROM_LESS = tuple(Relation(*(bool(mask & bit) for bit in (1, 2, 4, 8))) for mask in range(16))
"""By what is between two users, to the one whose id is the smaller."""
_FROM_GREATER = tuple(Relation(*(bool(mask & bit) for bit in (2, 1, 8, 4))) for mask in range(16))


class Relations:
    """Reads what is between one viewer and many others, and Redis's newer word where it has one."""

    def __init__(self, database: Database, cache: Cache, metrics: Metrics) -> None:
        self._database = database
        self._cache = cache
        self._pairs: Lookup[str, int] = Lookup(cache, _PAIR, int, self._read, metrics)
        edges, viewer = database.tables.relation_edges, given("viewer", Uuid)
        pairs = func.unnest(given("users", ARRAY(Uuid)), given("others", ARRAY(Uuid))).table_valued(
            column("user_id", Uuid), column("other_id", Uuid), name="pairs"
        )
        asked = pairs.render_derived()
        self._between = Read[Any](
            select(edges.c.user_id, edges.c.other_id, edges.c.kind).join(
                asked, and_(edges.c.user_id == asked.c.user_id, edges.c.other_id == asked.c.other_id)
            )
        )
        self._apart: Lookup[UUID, bool] = Lookup(cache, _APART, bool, self._read_apart, metrics)
        blocks = select(edges.c.user_id).where(one_of(edges.c.user_id, "users"), edges.c.kind == BLOCK)
        blocked = select(edges.c.other_id).where(one_of(edges.c.other_id, "users"), edges.c.kind == BLOCK)
        self._severed = Read[Any](blocks.union(blocked))
        self._followees = Read[Any](
            select(edges.c.other_id)
            .where(edges.c.user_id == viewer, edges.c.kind == FOLLOW)
            .order_by(edges.c.since.desc())
            .limit(given("count", Integer))
        )

    async def between(self, viewer: UUID, others: Sequence[UUID]) -> dict[UUID, Relation]:
        """The relation to each of the others that has one; nobody has one to oneself."""
        pairs = {other: _pair(viewer, other) for other in others if other != viewer}
        if not pairs:
            return {}
        changed = Beside(_changed(viewer))
        held = await self._pairs.load(list(pairs.values()), changed)
        masks = {other: held.get(pair, 0) for other, pair in pairs.items()}
        if await self._is_set(changed):
            await self._overlay(viewer, masks)
        return {other: _seen(mask, viewer, other) for other, mask in masks.items() if mask}

    async def apart(self, viewer: UUID | None) -> bool:
        """False where no block keeps anything from the viewer, to whom lists are then as to an anonymous caller.

        True where that would have to be asked of the database as well.
        """
        if viewer is None or not self._cache.reading:
            return viewer is not None
        changed = Beside(_changed(viewer))
        held = await self._apart.load([viewer], changed)
        return held[viewer] or await self._is_set(changed)

    async def followees(self, viewer: UUID, limit: int = 1000) -> list[UUID]:
        """Whom the viewer follows, newest first."""
        return [row[0] for row in await self._database.rows(self._followees, viewer=viewer, count=limit)]

    async def _is_set(self, changed: Beside) -> bool:
        """Whether there may be anything newer in Redis: of most viewers, and most of the time, there is not."""
        if not changed.asked:
            try:
                changed.value = (await self._cache.notices([changed.key]))[0]
            except Unavailable:
                return False
        return changed.value is not None

    async def _overlay(self, viewer: UUID, masks: dict[UUID, int]) -> None:
        edges = [
            (other, edge, kind)
            for other in masks
            for edge in ((viewer, other), (other, viewer))
            for kind in _KINDS
        ]
        try:
            values = await self._cache.notices([_key(*edge, kind) for _, edge, kind in edges])
        except Unavailable:
            return
        for (other, edge, kind), value in zip(edges, values, strict=True):
            if value == b"1":
                masks[other] |= _bit(*edge, kind)
            elif value == b"0":
                masks[other] &= ~_bit(*edge, kind)

    async def _read(self, pairs: Sequence[str]) -> dict[str, int]:
        """The edges of each pair, both ways."""
        low, high = [UUID(p[:32]) for p in pairs], [UUID(p[32:]) for p in pairs]
        found = dict.fromkeys(pairs, 0)
        for user, other, kind in await self._database.rows(
            self._between, users=low + high, others=high + low
        ):
            found[_pair(user, other)] |= _bit(user, other, kind)
        return found

    async def _read_apart(self, users: Sequence[UUID]) -> dict[UUID, bool]:
        severed = {row[0] for row in await self._database.rows(self._severed, users=users)}
        return {user: user in severed for user in users}


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
    forget_relation(tx, user, other, kind)
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


def forget_relation(tx: Transaction, user: UUID, other: UUID, kind: str) -> None:
    """After changing an edge between these two."""
    tx.forget(_PAIR, _pair(user, other))
    if kind == BLOCK:
        tx.forget(_APART, user, other)


def notify_relation(tx: Transaction, user: UUID, other: UUID, kind: str, *, held: bool) -> None:
    """Let every domain see a changed edge on its next read, before its projection has it."""
    tx.notify((_key(user, other, kind), _changed(user), _changed(other)), "1" if held else "0")


def _pair(one: UUID, two: UUID) -> str:
    """The same for both, whoever comes first."""
    return one.hex + two.hex if one.int < two.int else two.hex + one.hex


def _key(user: UUID, other: UUID, kind: str) -> str:
    return f"notice:relation:{kind}:{user.hex}:{other.hex}"


def _changed(user: UUID) -> str:
    """Set for as long as any edge of the user's may be."""
    return f"notice:relation:changed:{user.hex}"
