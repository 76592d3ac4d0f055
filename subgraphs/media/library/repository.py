"""The SQL of one person's own pictures: library, timeline, duplicates, tags, favourites, trash."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Integer, String, Uuid, delete, func, literal
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select

from subgraphs.kit.database.database import Database
from subgraphs.kit.database.models import timestamp
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.loading.paging import Listing
from subgraphs.media.models import AssetTag, Favorite, MediaFile

__all__ = ["Bucket", "Filter", "LibraryRepository"]

_live = (col(MediaFile.deleted_at).is_(None), col(MediaFile.trashed_at).is_(None))
_own = col(MediaFile.owner_id) == given("owner", Uuid)
_UNITS = {"DAY": "day", "MONTH": "month", "YEAR": "year"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which of one's own pictures; None is no condition."""

    film: bool | None = None
    visibility: str | None = None
    tag: str | None = None
    taken_from: datetime | None = None
    taken_until: datetime | None = None

    def given(self) -> dict[str, Any]:
        """The conditions, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many pictures were taken in a day, a month or a year (UTC)."""

    start: datetime
    count: int


def _wanted(*names: str) -> list[ColumnElement[bool]]:
    tagged = select_columns(col(AssetTag.media_id)).where(
        col(AssetTag.owner_id) == given("owner", Uuid), col(AssetTag.name) == given("tag", String)
    )
    conditions: dict[str, ColumnElement[bool]] = {
        "film": col(MediaFile.milliseconds).is_not(None) == given("film", Boolean),
        "visibility": col(MediaFile.visibility) == given("visibility", String),
        "tag": col(MediaFile.id).in_(tagged),
        "taken_from": col(MediaFile.taken_at) >= given("taken_from", timestamp),
        "taken_until": col(MediaFile.taken_at) < given("taken_until", timestamp),
    }
    return [conditions[name] for name in names]


@functools.cache
def _library(*names: str) -> Listing[MediaFile]:
    """One's own pictures that meet the conditions so named."""
    return Listing(
        select(MediaFile).where(_own, *_live, *_wanted(*names)), [col(MediaFile.taken_at), col(MediaFile.id)]
    )


@functools.cache
def _buckets(unit: str, *names: str) -> Read[Any]:
    start = func.date_trunc(literal(_UNITS[unit]), col(MediaFile.taken_at), literal("UTC")).label("start")
    return Read(
        select_columns(start, func.count())
        .where(_own, *_live, *_wanted(*names))
        .group_by(start)
        .order_by(start.desc())
        .limit(given("count", Integer))
    )


def _copies() -> Read[MediaFile]:
    rank = func.row_number().over(partition_by=col(MediaFile.sha256), order_by=col(MediaFile.id))
    ranked = (
        select_columns(col(MediaFile.id), rank.label("rank"))
        .where(_own, one_of(col(MediaFile.sha256), "contents"), *_live)
        .subquery()
    )
    return Read(
        select(MediaFile)
        .join(ranked, ranked.c.id == col(MediaFile.id))
        .where(ranked.c.rank <= given("most", Integer))
        .order_by(col(MediaFile.id))
    )


_COPIES = _copies()
_DUPLICATED = Listing(
    select_columns(col(MediaFile.sha256), func.max(col(MediaFile.bytes)))
    .where(_own, *_live)
    .group_by(col(MediaFile.sha256))
    .having(func.count() > 1),
    [col(MediaFile.sha256)],
    descending=False,
)
_TRASH = Listing(
    select(MediaFile).where(
        _own, col(MediaFile.deleted_at).is_(None), col(MediaFile.trashed_at).is_not(None)
    ),
    [col(MediaFile.trashed_at), col(MediaFile.id)],
)
_FAVORITES = Listing(
    select(Favorite).where(col(Favorite.user_id) == given("user", Uuid)),
    [col(Favorite.added_at), col(Favorite.media_id)],
)
_LIKED: Read[Any] = Read(
    select_columns(col(Favorite.media_id)).where(
        col(Favorite.user_id) == given("user", Uuid), one_of(col(Favorite.media_id), "media")
    )
)
_TAGS = Read(
    select_columns(col(AssetTag.media_id), col(AssetTag.name))
    .where(one_of(col(AssetTag.media_id), "media"))
    .order_by(col(AssetTag.name))
)


class LibraryRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, owner: UUID, wanted: Filter, request: PageRequest) -> Sequence[MediaFile]:
        """Those last taken first, one more than asked for."""
        values = wanted.given()
        return await _library(*values).page(self._database, request, owner=owner, **values)

    async def buckets(self, owner: UUID, unit: str, wanted: Filter, limit: int) -> Sequence[Bucket]:
        """The latest first."""
        values = wanted.given()
        rows = await self._database.rows(_buckets(unit, *values), owner=owner, count=limit, **values)
        return [Bucket(*row) for row in rows]

    async def duplicated(self, owner: UUID, request: PageRequest) -> Sequence[tuple[str, int]]:
        """Contents that the owner has more than once, and how many bytes one copy has; one more than asked for."""
        return [(c, size) for c, size in await _DUPLICATED.page(self._database, request, owner=owner)]

    async def copies(self, owner: UUID, contents: Sequence[str], most: int) -> dict[str, list[MediaFile]]:
        """The owner's files with each content, oldest first, at most ``most`` of each."""
        found: dict[str, list[MediaFile]] = {}
        for row in await self._database.rows(_COPIES, owner=owner, contents=contents, most=most):
            found.setdefault(row.sha256, []).append(row)
        return found

    async def trash(self, owner: UUID, request: PageRequest) -> Sequence[MediaFile]:
        """What was trashed last first, one more than asked for."""
        return await _TRASH.page(self._database, request, owner=owner)

    async def favorites(self, user: UUID, request: PageRequest) -> Sequence[Favorite]:
        """What was liked last first, one more than asked for."""
        return await _FAVORITES.page(self._database, request, user=user)

    async def liked(self, user: UUID, media: Sequence[UUID]) -> dict[UUID, bool]:
        """Which of the pictures the user likes."""
        return {row[0]: True for row in await self._database.rows(_LIKED, user=user, media=media)}

    async def tags(self, media: Sequence[UUID]) -> dict[UUID, list[str]]:
        """The words on each picture, by the alphabet."""
        found: dict[UUID, list[str]] = {}
        for picture, name in await self._database.rows(_TAGS, media=media):
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
