"""The SQL of one person's own pictures: library, timeline, duplicates, tags, favourites, trash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select

from subgraphs.kit.database import Database
from subgraphs.kit.relay import PageRequest, after_key
from subgraphs.kit.transaction import Transaction
from subgraphs.media.album_models import AssetTag, Favorite
from subgraphs.media.models import MediaFile

__all__ = ["Bucket", "Filter", "LibraryRepository"]

_LIVE = (col(MediaFile.deleted_at).is_(None), col(MediaFile.trashed_at).is_(None))
_UNITS = {"DAY": "day", "MONTH": "month", "YEAR": "year"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which of one's own pictures; None is no condition."""

    visibility: str | None = None
    tag: str | None = None
    taken_from: datetime | None = None
    taken_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many pictures were taken in a day, a month or a year (UTC)."""

    start: datetime
    count: int


class LibraryRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, owner: UUID, wanted: Filter, request: PageRequest) -> Sequence[MediaFile]:
        """Those last taken first, one more than asked for."""
        order = [col(MediaFile.taken_at), col(MediaFile.id)]
        statement = select(MediaFile).where(col(MediaFile.owner_id) == owner, *_LIVE, *_wanted(owner, wanted))
        if request.key:
            taken, media = request.key
            key = [datetime.fromisoformat(taken), UUID(media)]
            statement = statement.where(after_key(order, key, descending=True))
        return await self._database.rows(
            statement.order_by(*(c.desc() for c in order)).limit(request.count + 1)
        )

    async def buckets(self, owner: UUID, unit: str, wanted: Filter, limit: int) -> Sequence[Bucket]:
        """The latest first."""
        start = func.date_trunc(literal(_UNITS[unit]), col(MediaFile.taken_at), literal("UTC")).label("start")
        statement = (
            select_columns(start, func.count())
            .where(col(MediaFile.owner_id) == owner, *_LIVE, *_wanted(owner, wanted))
            .group_by(start)
            .order_by(start.desc())
            .limit(limit)
        )
        return [Bucket(*row) for row in await self._database.tuples(statement)]

    async def duplicated(self, owner: UUID, request: PageRequest) -> Sequence[tuple[str, int]]:
        """Contents that the owner has more than once, and how many bytes one copy has; one more than asked for."""
        statement = (
            select_columns(col(MediaFile.sha256), func.max(col(MediaFile.bytes)))
            .where(col(MediaFile.owner_id) == owner, *_LIVE)
            .group_by(col(MediaFile.sha256))
            .having(func.count() > 1)
            .order_by(col(MediaFile.sha256))
            .limit(request.count + 1)
        )
        if request.key:
            statement = statement.where(col(MediaFile.sha256) > request.key[0])
        return [(content, size) for content, size in await self._database.tuples(statement)]

    async def copies(self, owner: UUID, contents: Sequence[str], most: int) -> dict[str, list[MediaFile]]:
        """The owner's files with each content, oldest first, at most ``most`` of each."""
        rank = func.row_number().over(partition_by=col(MediaFile.sha256), order_by=col(MediaFile.id))
        ranked = (
            select_columns(col(MediaFile.id), rank.label("rank"))
            .where(col(MediaFile.owner_id) == owner, col(MediaFile.sha256).in_(contents), *_LIVE)
            .subquery()
        )
        statement = (
            select(MediaFile)
            .join(ranked, ranked.c.id == col(MediaFile.id))
            .where(ranked.c.rank <= most)
            .order_by(col(MediaFile.id))
        )
        found: dict[str, list[MediaFile]] = {}
        for row in await self._database.rows(statement):
            found.setdefault(row.sha256, []).append(row)
        return found

    async def trash(self, owner: UUID, request: PageRequest) -> Sequence[MediaFile]:
        """What was trashed last first, one more than asked for."""
        order: list[Any] = [col(MediaFile.trashed_at), col(MediaFile.id)]
        statement = select(MediaFile).where(
            col(MediaFile.owner_id) == owner,
            col(MediaFile.deleted_at).is_(None),
            col(MediaFile.trashed_at).is_not(None),
        )
        if request.key:
            trashed, media = request.key
            key = [datetime.fromisoformat(trashed), UUID(media)]
            statement = statement.where(after_key(order, key, descending=True))
        return await self._database.rows(
            statement.order_by(*(c.desc() for c in order)).limit(request.count + 1)
        )

    async def favorites(self, user: UUID, request: PageRequest) -> Sequence[Favorite]:
        """What was liked last first, one more than asked for."""
        order: list[Any] = [col(Favorite.added_at), col(Favorite.media_id)]
        statement = select(Favorite).where(col(Favorite.user_id) == user)
        if request.key:
            added, media = request.key
            key = [datetime.fromisoformat(added), UUID(media)]
            statement = statement.where(after_key(order, key, descending=True))
        return await self._database.rows(
            statement.order_by(*(c.desc() for c in order)).limit(request.count + 1)
        )

    async def liked(self, user: UUID, media: Sequence[UUID]) -> dict[UUID, bool]:
        """Which of the pictures the user likes."""
        statement = select_columns(col(Favorite.media_id)).where(
            col(Favorite.user_id) == user, col(Favorite.media_id).in_(media)
        )
        return {row[0]: True for row in await self._database.tuples(statement)}

    async def tags(self, media: Sequence[UUID]) -> dict[UUID, list[str]]:
        """The words on each picture, by the alphabet."""
        statement = (
            select_columns(col(AssetTag.media_id), col(AssetTag.name))
            .where(col(AssetTag.media_id).in_(media))
            .order_by(col(AssetTag.name))
        )
        found: dict[UUID, list[str]] = {}
        for picture, name in await self._database.tuples(statement):
            found.setdefault(picture, []).append(name)
        return found

    async def lock(self, tx: Transaction, owner: UUID, media: Sequence[UUID]) -> dict[UUID, MediaFile]:
        """The owner's files among these, trashed ones too, in the order of their ids: two who lock, lock alike."""
        statement = (
            select(MediaFile)
            .where(
                col(MediaFile.id).in_(media),
                col(MediaFile.owner_id) == owner,
                col(MediaFile.deleted_at).is_(None),
            )
            .order_by(col(MediaFile.id))
            .with_for_update()
        )
        return {row.id: row for row in (await tx.session.scalars(statement)).all()}

    async def like(self, tx: Transaction, user: UUID, media: UUID) -> None:
        row = upsert(Favorite).values(user_id=user, media_id=media, added_at=tx.now)
        await tx.session.execute(row.on_conflict_do_nothing())

    async def unlike(self, tx: Transaction, user: UUID, media: UUID) -> None:
        mine = (col(Favorite.user_id) == user, col(Favorite.media_id) == media)
        await tx.session.execute(delete(Favorite).where(*mine))

    async def tag(self, tx: Transaction, owner: UUID, media: Sequence[UUID], names: Sequence[str]) -> None:
        rows = [{"media_id": m, "name": n, "owner_id": owner} for m in media for n in names]
        if rows:
            await tx.session.execute(upsert(AssetTag).on_conflict_do_nothing(), rows)

    async def untag(self, tx: Transaction, media: Sequence[UUID], names: Sequence[str]) -> None:
        these = (col(AssetTag.media_id).in_(media), col(AssetTag.name).in_(names))
        await tx.session.execute(delete(AssetTag).where(*these))

    async def most_tags(self, tx: Transaction, media: Sequence[UUID]) -> int:
        """How many words the picture has that has most."""
        counts = (
            select_columns(func.count().label("words"))
            .where(col(AssetTag.media_id).in_(media))
            .group_by(col(AssetTag.media_id))
            .subquery()
        )
        return int((await tx.session.execute(select_columns(func.max(counts.c.words)))).scalar() or 0)


def _wanted(owner: UUID, wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.visibility is not None:
        conditions.append(col(MediaFile.visibility) == wanted.visibility)
    if wanted.taken_from is not None:
        conditions.append(col(MediaFile.taken_at) >= wanted.taken_from)
    if wanted.taken_until is not None:
        conditions.append(col(MediaFile.taken_at) < wanted.taken_until)
    if wanted.tag is not None:
        tagged = select_columns(col(AssetTag.media_id)).where(
            col(AssetTag.owner_id) == owner, col(AssetTag.name) == wanted.tag
        )
        conditions.append(col(MediaFile.id).in_(tagged))
    return conditions
