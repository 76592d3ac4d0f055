"""The user domain's SQL."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    String,
    Uuid,
    and_,
    column,
    delete,
    func,
    literal,
    or_,
    tuple_,
    update,
)
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select

from subgraphs.kit.authorization.relations import BLOCK, FOLLOW
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.loading.paging import Listing, gathered
from subgraphs.user.models import TABLES, Credential, RefreshToken, Report, Session, User

__all__ = ["UserRepository"]

_edges = TABLES.relation_edges
_live = col(User.deleted_at).is_(None)
_handle = func.lower(col(User.handle), type_=String)
_name = func.lower(col(User.display_name), type_=String)
_email = func.lower(col(User.email), type_=String)

_BY_IDS = Read(select(User).where(one_of(col(User.id), "ids"), _live))
_BY_HANDLE = Read(select_columns(_handle, col(User.id)).where(one_of(_handle, "handles"), _live))


def _begins(text: ColumnElement[str]) -> ColumnElement[bool]:
    """Byte for byte, as ``text_pattern_ops`` has it: of LIKE PostgreSQL finds the index only where it knows the pattern."""
    return and_(text.bool_op("~>=~")(given("prefix", String)), text.bool_op("~<~")(given("behind", String)))


def _search() -> Listing[User]:
    named = select(User).where(or_(_begins(_handle), _begins(_name)), _live)
    found = gathered(User, named)
    return Listing(select(found), [found.id])


_SEARCH = _search()
_COUNTS = Read(
    select_columns(_edges.c.other_id, func.count(), literal(0))
    .where(one_of(_edges.c.other_id, "ids"), _edges.c.kind == FOLLOW)
    .group_by(_edges.c.other_id)
    .union_all(
        select_columns(_edges.c.user_id, literal(0), func.count())
        .where(one_of(_edges.c.user_id, "ids"), _edges.c.kind == FOLLOW)
        .group_by(_edges.c.user_id)
    )
)
_CREDENTIAL = Read(
    select(User, col(Credential.password_hash))
    .join(Credential, col(Credential.user_id) == col(User.id))
    .where(or_(_handle == given("login", String), _email == given("login", String)), _live)
    .limit(1)
)
_TAKEN = Read(
    select_columns(_handle == given("handle", String), _email == given("email", String)).where(
        or_(_handle == given("handle", String), _email == given("email", String)), _live
    )
)


def _follows(mine: Any, theirs: Any) -> Listing[Any]:
    return Listing(
        select_columns(theirs, _edges.c.since).where(mine == given("user", Uuid), _edges.c.kind == FOLLOW),
        [_edges.c.since, theirs],
    )


_FOLLOWERS = _follows(_edges.c.other_id, _edges.c.user_id)
_FOLLOWING = _follows(_edges.c.user_id, _edges.c.other_id)


def _reports() -> Read[Report]:
    both = func.unnest(given("types", ARRAY(String)), given("ids", ARRAY(Uuid)))
    subjects = both.table_valued(column("type", String), column("id", Uuid)).render_derived()
    return Read(
        select(Report).where(
            col(Report.reporter_id) == given("reporter", Uuid),
            tuple_(col(Report.subject_type), col(Report.subject_id)).in_(
                select_columns(subjects.c.type, subjects.c.id)
            ),
            col(Report.deleted_at).is_(None),
        )
    )


_REPORTS = _reports()


class UserRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_ids(self, ids: Sequence[UUID]) -> Sequence[User]:
        return await self._database.rows(_BY_IDS, ids=ids)

    async def ids_by_handle(self, handles: Sequence[str]) -> dict[str, UUID]:
        """By lower-case handle."""
        return dict(await self._database.rows(_BY_HANDLE, handles=handles))

    async def search(self, text: str, request: PageRequest) -> Sequence[User]:
        """Accounts whose handle or name begins with the text, newest first."""
        prefix = text.lower()
        return await _SEARCH.page(self._database, request, prefix=prefix, behind=prefix + chr(sys.maxunicode))

    async def counts(self, ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
        """Followers and followees of each."""
        totals: dict[UUID, tuple[int, int]] = {}
        for user, a, b in await self._database.rows(_COUNTS, ids=ids):
            held = totals.get(user, (0, 0))
            totals[user] = (held[0] + a, held[1] + b)
        return totals

    async def follows(
        self, user: UUID, request: PageRequest, *, followers: bool
    ) -> Sequence[tuple[UUID, datetime]]:
        """Followers or followees of one user, newest first, one more than asked for."""
        listing = _FOLLOWERS if followers else _FOLLOWING
        return await listing.page(self._database, request, user=user)

    async def reports(self, reporter: UUID, subjects: Sequence[tuple[str, UUID]]) -> Sequence[Report]:
        types, ids = [t for t, _ in subjects], [i for _, i in subjects]
        return await self._database.rows(_REPORTS, reporter=reporter, types=types, ids=ids)

    async def credential(self, login: str) -> tuple[User, str] | None:
        """The account of a handle or e-mail address, and its password's hash."""
        return await self._database.row(_CREDENTIAL, login=login.strip().lower())

    async def taken(self, handle: str, email: str) -> Mapping[str, bool]:
        """Which of the two a live account has."""
        rows = await self._database.rows(_TAKEN, handle=handle.lower(), email=email.lower())
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
