"""The media domain's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, String, Uuid, func, or_
from sqlmodel import col, select

from media_core import PIPELINE_VERSION
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.models import timestamp
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.loading.paging import Listing, ListingByParent
from subgraphs.media.models import MediaFile

__all__ = ["MediaRepository"]

_kept = col(MediaFile.deleted_at).is_(None)
_live = (_kept, col(MediaFile.trashed_at).is_(None))
"""Neither gone nor in the trash."""
_public = col(MediaFile.visibility) == "PUBLIC"

_BY_IDS = Read(select(MediaFile).where(one_of(col(MediaFile.id), "ids"), _kept))
_NEWEST = Listing(select(MediaFile).where(_public, *_live), [col(MediaFile.id)])
_PAGES = ListingByParent(
    MediaFile,
    col(MediaFile.owner_id),
    [col(MediaFile.id)],
    or_(_public, col(MediaFile.owner_id) == given("viewer", Uuid)),
    *_live,
)
_TWIN = Read(
    select(MediaFile)
    .where(
        MediaFile.owner_id == given("owner", Uuid),
        MediaFile.sha256 == given("sha256", String),
        MediaFile.status == "READY",
        MediaFile.pipeline == PIPELINE_VERSION,
        MediaFile.turn == 0,
        or_(
            col(MediaFile.keep_copyright) == given("keep_copyright", Boolean),
            col(MediaFile.milliseconds).is_not(None),  # of a film nothing is kept, whatever its owner asked
        ),
        col(MediaFile.blob).is_not(None),
        _kept,
    )
    .limit(1)
)
_DEGRADED = Read(
    select(MediaFile)
    .where(MediaFile.status == "DEGRADED", col(MediaFile.id) > given("after", Uuid), _kept)
    .order_by(col(MediaFile.id))
    .limit(given("count", Integer))
)
_OUTDATED = Read(
    select(MediaFile)
    .where(
        MediaFile.status == "READY",
        MediaFile.pipeline < PIPELINE_VERSION,
        col(MediaFile.milliseconds).is_(None),
        col(MediaFile.blob).is_not(None),
        col(MediaFile.id) > given("after", Uuid),
        _kept,
    )
    .order_by(col(MediaFile.id))
    .limit(given("count", Integer))
)

_TRASHED: Read[Any] = Read(
    select(col(MediaFile.id))
    .where(col(MediaFile.trashed_at) <= given("before", timestamp), _kept)
    .limit(given("count", Integer))
)


_BACKLOG: Read[Any] = Read(select(func.count()).where(MediaFile.status == "DEGRADED", _kept))


class MediaRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_ids(self, ids: Sequence[UUID]) -> Sequence[MediaFile]:
        return await self._database.rows(_BY_IDS, ids=ids)

    async def public(self, request: PageRequest) -> Sequence[MediaFile]:
        """Public files, newest first, one more than asked for."""
        return await _NEWEST.page(self._database, request)

    async def pages(
        self, viewer: UUID | None, requests: Sequence[tuple[UUID, PageRequest]]
    ) -> dict[tuple[UUID, PageRequest], list[MediaFile]]:
        """A page of each owner's files: the public ones, and all of the viewer's own."""
        return await _PAGES.pages(self._database, requests, viewer=viewer)

    async def for_update(self, tx: Transaction, media: UUID) -> MediaFile | None:
        return await tx.lock(MediaFile, media)

    async def twin(self, owner: UUID, sha256: str, *, keep_copyright: bool) -> MediaFile | None:
        """A finished file of the owner with the same content, shown as that is, and with its copyright or without."""
        return await self._database.row(_TWIN, owner=owner, sha256=sha256, keep_copyright=keep_copyright)

    async def backlog(self) -> int:
        """How many wait for their sizes."""
        return int((await self._database.rows(_BACKLOG))[0][0])

    async def trashed(self, before: datetime, limit: int) -> Sequence[UUID]:
        """Files that were put into the trash until then."""
        rows = await self._database.rows(_TRASHED, before=before, count=limit)
        return [media for (media,) in rows]

    async def degraded(self, after: UUID, limit: int) -> Sequence[MediaFile]:
        """Files that wait for their sizes, oldest first, from after this one on."""
        return await self._database.rows(_DEGRADED, after=after, count=limit)

    async def outdated(self, after: UUID, limit: int) -> Sequence[MediaFile]:
        """Pictures that an earlier pipeline made, likewise. Films are not among them: their stills are kept as they are."""
        return await self._database.rows(_OUTDATED, after=after, count=limit)
