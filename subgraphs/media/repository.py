"""The media domain's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from subgraphs.kit.database import Database
from subgraphs.kit.paging import pages_by_parent
from subgraphs.kit.relay import PageRequest
from subgraphs.kit.transaction import Transaction
from subgraphs.media.models import MediaFile

__all__ = ["MediaRepository"]

_LIVE = (col(MediaFile.deleted_at).is_(None), col(MediaFile.trashed_at).is_(None))
"""Neither gone nor in the trash."""


class MediaRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_ids(self, ids: Sequence[UUID]) -> Sequence[MediaFile]:
        return await self._database.rows(
            select(MediaFile).where(col(MediaFile.id).in_(ids), col(MediaFile.deleted_at).is_(None))
        )

    async def public(self, request: PageRequest) -> Sequence[MediaFile]:
        """Public files, newest first, one more than asked for."""
        statement = select(MediaFile).where(MediaFile.visibility == "PUBLIC", *_LIVE)
        if request.key:
            statement = statement.where(col(MediaFile.id) < UUID(request.key[0]))
        return await self._database.rows(
            statement.order_by(col(MediaFile.id).desc()).limit(request.count + 1)
        )

    async def pages(
        self, viewer: UUID | None, requests: Sequence[tuple[UUID, PageRequest]]
    ) -> dict[tuple[UUID, PageRequest], list[MediaFile]]:
        """A page of each owner's files: the public ones, and all of the viewer's own."""
        public = col(MediaFile.visibility) == "PUBLIC"
        return await pages_by_parent(
            self._database,
            MediaFile,
            col(MediaFile.owner_id),
            [col(MediaFile.id)],
            requests,
            parse=lambda key: [UUID(key[0])],
            where=(
                or_(public, col(MediaFile.owner_id) == viewer) if viewer else public,
                *_LIVE,
            ),
        )

    async def for_update(self, tx: Transaction, media: UUID) -> MediaFile | None:
        statement = (
            select(MediaFile)
            .where(MediaFile.id == media, col(MediaFile.deleted_at).is_(None))
            .with_for_update()
        )
        return (await tx.session.scalars(statement)).first()

    async def twin(self, owner: UUID, sha256: str) -> MediaFile | None:
        """A finished file of the owner with the same content."""
        return await self._database.row(
            select(MediaFile)
            .where(
                MediaFile.owner_id == owner,
                MediaFile.sha256 == sha256,
                MediaFile.status == "READY",
                col(MediaFile.blob).is_not(None),
                col(MediaFile.deleted_at).is_(None),
            )
            .limit(1)
        )

    async def degraded(self, limit: int) -> Sequence[MediaFile]:
        """Files that wait for their sizes, oldest first."""
        return await self._database.rows(
            select(MediaFile)
            .where(MediaFile.status == "DEGRADED", col(MediaFile.deleted_at).is_(None))
            .order_by(col(MediaFile.id))
            .limit(limit)
        )
