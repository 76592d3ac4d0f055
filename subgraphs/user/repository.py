"""The user domain's SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, literal, or_, tuple_, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select

from subgraphs.kit.database import Database
from subgraphs.kit.relations import BLOCK, FOLLOW
from subgraphs.kit.relay import PageRequest, after_key
from subgraphs.kit.transaction import Transaction
from subgraphs.user.models import TABLES, Credential, RefreshToken, Report, Session, User

__all__ = ["UserRepository"]

_edges = TABLES.relation_edges


class UserRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_ids(self, ids: Sequence[UUID]) -> Sequence[User]:
        return await self._database.rows(
            select(User).where(col(User.id).in_(ids), col(User.deleted_at).is_(None))
        )

    async def ids_by_handle(self, handles: Sequence[str]) -> dict[str, UUID]:
        """By lower-case handle."""
        folded = func.lower(col(User.handle))
        rows = await self._database.tuples(
            select_columns(folded, col(User.id)).where(folded.in_(handles), col(User.deleted_at).is_(None))
        )
        return {row[0]: row[1] for row in rows}

    async def search(self, text: str, request: PageRequest) -> Sequence[User]:
        """Accounts whose handle or name begins with the text, newest first."""
        prefix = text.lower().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        statement = select(User).where(
            or_(
                func.lower(col(User.handle)).like(prefix, escape="\\"),
                func.lower(col(User.display_name)).like(prefix, escape="\\"),
            ),
            col(User.deleted_at).is_(None),
        )
        if request.key:
            statement = statement.where(col(User.id) < UUID(request.key[0]))
        return await self._database.rows(statement.order_by(col(User.id).desc()).limit(request.count + 1))

    async def counts(self, ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
        """Followers and followees of each."""
        followers = (
            select_columns(_edges.c.other_id, func.count(), literal(0))
            .where(_edges.c.other_id.in_(ids), _edges.c.kind == FOLLOW)
            .group_by(_edges.c.other_id)
        )
        following = (
            select_columns(_edges.c.user_id, literal(0), func.count())
            .where(_edges.c.user_id.in_(ids), _edges.c.kind == FOLLOW)
            .group_by(_edges.c.user_id)
        )
        totals: dict[UUID, tuple[int, int]] = {}
        for user, a, b in await self._database.tuples(followers.union_all(following)):
            held = totals.get(user, (0, 0))
            totals[user] = (held[0] + a, held[1] + b)
        return totals

    async def follows(
        self, user: UUID, request: PageRequest, *, followers: bool
    ) -> Sequence[tuple[UUID, datetime]]:
        """Followers or followees of one user, newest first, one more than asked for."""
        mine, theirs = (
            (_edges.c.other_id, _edges.c.user_id) if followers else (_edges.c.user_id, _edges.c.other_id)
        )
        statement = select_columns(theirs, _edges.c.since).where(mine == user, _edges.c.kind == FOLLOW)
        if request.key:
            key = (datetime.fromisoformat(request.key[0]), UUID(request.key[1]))
            statement = statement.where(after_key((_edges.c.since, theirs), key, descending=True))
        statement = statement.order_by(_edges.c.since.desc(), theirs.desc()).limit(request.count + 1)
        return [(u, since) for u, since in await self._database.tuples(statement)]

    async def reports(self, reporter: UUID, subjects: Sequence[tuple[str, UUID]]) -> Sequence[Report]:
        return await self._database.rows(
            select(Report).where(
                Report.reporter_id == reporter,
                tuple_(col(Report.subject_type), col(Report.subject_id)).in_(subjects),
                col(Report.deleted_at).is_(None),
            )
        )

    async def credential(self, login: str) -> tuple[User, str] | None:
        """The account of a handle or e-mail address, and its password's hash."""
        folded = login.strip().lower()
        statement = (
            select(User, col(Credential.password_hash))
            .join(Credential, col(Credential.user_id) == col(User.id))
            .where(
                or_(func.lower(col(User.handle)) == folded, func.lower(col(User.email)) == folded),
                col(User.deleted_at).is_(None),
            )
            .limit(1)
        )
        found = await self._database.tuples(statement)
        return (found[0][0], found[0][1]) if found else None

    async def taken(self, handle: str, email: str) -> Mapping[str, bool]:
        """Which of the two a live account has."""
        rows = await self._database.tuples(
            select_columns(
                func.lower(col(User.handle)) == handle.lower(), func.lower(col(User.email)) == email.lower()
            ).where(
                or_(
                    func.lower(col(User.handle)) == handle.lower(),
                    func.lower(col(User.email)) == email.lower(),
                ),
                col(User.deleted_at).is_(None),
            )
        )
        return {"handle": any(h for h, _ in rows), "email": any(e for _, e in rows)}

    async def for_update(self, tx: Transaction, user: UUID) -> User | None:
        statement = select(User).where(User.id == user, col(User.deleted_at).is_(None)).with_for_update()
        return (await tx.session.scalars(statement)).first()

    async def token(self, tx: Transaction, token_hash: bytes) -> tuple[RefreshToken, Session, User] | None:
        """A refresh token with its session and user, all locked."""
        statement = (
            select(RefreshToken, Session, User)
            .join(Session, col(Session.id) == col(RefreshToken.session_id))
            .join(User, col(User.id) == col(Session.user_id))
            .where(RefreshToken.token_hash == token_hash, col(User.deleted_at).is_(None))
            .with_for_update()
        )
        found = (await tx.session.execute(statement)).first()
        return (found[0], found[1], found[2]) if found else None

    async def revoke_session(self, tx: Transaction, session: UUID) -> None:
        await tx.session.execute(
            update(Session)
            .where(col(Session.id) == session, col(Session.revoked_at).is_(None))
            .values(revoked_at=tx.now, version=Session.version + 1)
        )

    async def relate(self, tx: Transaction, user: UUID, other: UUID, kind: str) -> bool:
        """Make an edge; False where it was there."""
        statement = (
            upsert(_edges)
            .values(user_id=user, other_id=other, kind=kind, since=tx.now)
            .on_conflict_do_nothing()
            .returning(_edges.c.user_id)
        )
        return (await tx.session.execute(statement)).first() is not None

    async def unrelate(self, tx: Transaction, user: UUID, other: UUID, kind: str) -> bool:
        """Cut an edge; False where there was none."""
        statement = (
            delete(_edges)
            .where(_edges.c.user_id == user, _edges.c.other_id == other, _edges.c.kind == kind)
            .returning(_edges.c.user_id)
        )
        return (await tx.session.execute(statement)).first() is not None

    async def severed(self, tx: Transaction, one: UUID, two: UUID) -> bool:
        """Whether either blocks the other; waits for a block being made just now."""
        await self.lock_pair(tx, one, two)
        statement = select_columns(_edges.c.user_id).where(
            _edges.c.kind == BLOCK,
            tuple_(_edges.c.user_id, _edges.c.other_id).in_([(one, two), (two, one)]),
        )
        return (await tx.session.execute(statement)).first() is not None

    async def lock_pair(self, tx: Transaction, one: UUID, two: UUID) -> None:
        """Changes of one pair's relations happen one after another."""
        low, high = sorted((one.hex, two.hex))
        await tx.session.execute(
            select_columns(func.pg_advisory_xact_lock(func.hashtextextended(low + high, 0)))
        )
