"""The SQL of albums, of who is let in, and of where pictures are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Uuid,
    and_,
    column,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    true,
    union_all,
    values,
)
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from subgraphs.kit.database import Database
from subgraphs.kit.paging import pages_by_parent
from subgraphs.kit.relations import BLOCK, FOLLOW
from subgraphs.kit.relay import PageRequest, after_key
from subgraphs.media.album_models import Album, AlbumItem, AlbumMember, AlbumShare, AssetReference
from subgraphs.media.models import TABLES, MediaFile
from subgraphs.media.policies import Place
from subgraphs.media.readers import Reader

__all__ = ["AlbumRepository", "Shown"]

_edges = TABLES.relation_edges
ItemPages = dict[tuple[UUID, PageRequest], list[AlbumItem]]
AlbumPages = dict[tuple[UUID, PageRequest], list[Album]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A place, and for one of another domain what it is and at which version that is known."""

    place: Place
    subject: tuple[str, UUID] | None = None
    version: int = 0


class AlbumRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def albums(self, ids: Sequence[UUID]) -> Sequence[Album]:
        return await self._database.rows(
            select(Album).where(col(Album.id).in_(ids), col(Album.deleted_at).is_(None))
        )

    async def roles(self, user: UUID, albums: Sequence[UUID]) -> dict[UUID, str]:
        """What the user was let into these albums as."""
        statement = select_columns(col(AlbumMember.album_id), col(AlbumMember.role)).where(
            col(AlbumMember.album_id).in_(albums), col(AlbumMember.user_id) == user
        )
        return dict(await self._database.tuples(statement))

    async def opened(self, shares: Sequence[UUID], now: datetime) -> dict[UUID, UUID]:
        """The album that each share link opens, of those that hold now."""
        statement = select_columns(col(AlbumShare.id), col(AlbumShare.album_id)).where(
            col(AlbumShare.id).in_(shares), *_holds(now)
        )
        return dict(await self._database.tuples(statement))

    async def share_of(self, token_hash: bytes, now: datetime) -> UUID | None:
        """The share link with this token, if it holds now."""
        statement = select_columns(col(AlbumShare.id)).where(
            col(AlbumShare.token_hash) == token_hash, *_holds(now)
        )
        rows = await self._database.tuples(statement)
        return rows[0][0] if rows else None

    async def shares(self, albums: Sequence[UUID]) -> dict[UUID, list[AlbumShare]]:
        """The share links of each album that were not revoked, oldest first."""
        statement = (
            select(AlbumShare)
            .where(col(AlbumShare.album_id).in_(albums), col(AlbumShare.deleted_at).is_(None))
            .order_by(col(AlbumShare.id))
        )
        found: dict[UUID, list[AlbumShare]] = {}
        for share in await self._database.rows(statement):
            found.setdefault(share.album_id, []).append(share)
        return found

    async def members(self, albums: Sequence[UUID]) -> dict[UUID, list[AlbumMember]]:
        """Who was let into each album, those of longest standing first."""
        statement = (
            select(AlbumMember)
            .where(col(AlbumMember.album_id).in_(albums))
            .order_by(col(AlbumMember.added_at), col(AlbumMember.user_id))
        )
        found: dict[UUID, list[AlbumMember]] = {}
        for member in await self._database.rows(statement):
            found.setdefault(member.album_id, []).append(member)
        return found

    async def places(self, reader: Reader, media: Sequence[UUID], now: datetime) -> dict[UUID, list[Shown]]:
        """Where each picture is shown to more than its owner, as far as that may concern the reader."""
        viewer = reader.viewer.id
        let_in = or_(
            col(Album.owner_id) == viewer if viewer else false(),
            col(AlbumMember.user_id).is_not(None),
            _opens(reader.share, now),
        )
        in_albums = (
            select_columns(
                col(AlbumItem.media_id),
                col(Album.owner_id),
                col(Album.visibility),
                let_in,
                col(AlbumItem.added_by),
                col(AlbumItem.added_at),
                null(),
                null(),
                literal(0),
            )
            .join(Album, and_(col(Album.id) == col(AlbumItem.album_id), col(Album.deleted_at).is_(None)))
            .outerjoin(
                AlbumMember,
                and_(col(AlbumMember.album_id) == col(Album.id), col(AlbumMember.user_id) == viewer),
            )
            .where(col(AlbumItem.media_id).in_(media), or_(col(Album.visibility) != "PRIVATE", let_in))
        )
        elsewhere = select_columns(
            col(AssetReference.media_id),
            col(AssetReference.placed_by),
            col(AssetReference.audience),
            false(),
            col(AssetReference.placed_by),
            col(AssetReference.since),
            col(AssetReference.subject_type),
            col(AssetReference.subject_id),
            col(AssetReference.version),
        ).where(col(AssetReference.media_id).in_(media))
        found: dict[UUID, list[Shown]] = {}
        for *place, type_, subject, version in await self._database.tuples(union_all(in_albums, elsewhere)):
            known = (type_, subject) if type_ else None
            found.setdefault(place[0], []).append(Shown(Place(*place), known, version))
        return found

    async def item_pages(
        self, viewer: UUID | None, requests: Sequence[tuple[UUID, PageRequest]]
    ) -> ItemPages:
        """A page of each album's pictures in their order: of those that the album may show at all."""
        return await pages_by_parent(
            self._database,
            AlbumItem,
            col(AlbumItem.album_id),
            [col(AlbumItem.position), col(AlbumItem.media_id)],
            requests,
            parse=lambda key: [int(key[0]), UUID(key[1])],
            where=(_shown(viewer),),
            descending=False,
        )

    async def counts(self, viewer: UUID | None, albums: Sequence[UUID]) -> dict[UUID, int]:
        """How many pictures of each album its readers see, but those across a block with the viewer."""
        statement = (
            select_columns(col(AlbumItem.album_id), func.count())
            .where(col(AlbumItem.album_id).in_(albums), _shown(viewer, severed=True))
            .group_by(col(AlbumItem.album_id))
        )
        return dict(await self._database.tuples(statement))

    async def covers(self, viewer: UUID | None, albums: Sequence[UUID]) -> dict[UUID, UUID]:
        """The first picture of each album."""
        of = values(column("album", Uuid), name="of").data([(a,) for a in albums])
        first = (
            select_columns(col(AlbumItem.media_id))
            .where(col(AlbumItem.album_id) == of.c.album, _shown(viewer, severed=True))
            .order_by(col(AlbumItem.position), col(AlbumItem.media_id))
            .limit(1)
            .lateral()
        )
        statement = select_columns(of.c.album, first.c.media_id).select_from(of.join(first, true()))
        return dict(await self._database.tuples(statement))

    async def own_and_joined(self, viewer: UUID, request: PageRequest) -> Sequence[Album]:
        """The viewer's albums and those they were let into, newest first, one more than asked for."""
        joined = select_columns(col(AlbumMember.album_id)).where(col(AlbumMember.user_id) == viewer)
        statement = select(Album).where(
            or_(col(Album.owner_id) == viewer, col(Album.id).in_(joined)), col(Album.deleted_at).is_(None)
        )
        if request.key:
            statement = statement.where(after_key([col(Album.id)], [UUID(request.key[0])], descending=True))
        return await self._database.rows(statement.order_by(col(Album.id).desc()).limit(request.count + 1))

    async def owner_pages(
        self, viewer: UUID | None, requests: Sequence[tuple[UUID, PageRequest]]
    ) -> AlbumPages:
        """A page of each person's albums, of those that may concern the viewer; newest first."""
        return await pages_by_parent(
            self._database,
            Album,
            col(Album.owner_id),
            [col(Album.id)],
            requests,
            parse=lambda key: [UUID(key[0])],
            where=(col(Album.deleted_at).is_(None), _listed(viewer)),
        )


def _holds(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of a share link: neither revoked nor over."""
    expiry = col(AlbumShare.expires_at)
    return col(AlbumShare.deleted_at).is_(None), or_(expiry.is_(None), expiry > now)


def _opens(share: UUID | None, now: datetime) -> ColumnElement[bool]:
    """Whether the link opens this album."""
    if share is None:
        return false()
    return exists().where(
        col(AlbumShare.id) == share, col(AlbumShare.album_id) == col(Album.id), *_holds(now)
    )


def _shown(viewer: UUID | None, *, severed: bool = False) -> ColumnElement[bool]:
    """``may_see`` for a picture that is seen in this album, as a condition on ``AlbumItem``.

    With ``severed``, also not across a block, as far as the projection knows.
    """
    placed = and_(
        col(AlbumItem.added_by) == col(MediaFile.owner_id),
        or_(
            col(MediaFile.private_since).is_(None),
            col(AlbumItem.added_at) > col(MediaFile.private_since),
        ),
    )
    seen = or_(col(MediaFile.visibility) == "PUBLIC", placed, col(MediaFile.owner_id) == viewer)
    there = (
        col(MediaFile.id) == col(AlbumItem.media_id),
        col(MediaFile.deleted_at).is_(None),
        col(MediaFile.trashed_at).is_(None),
    )
    blocks = not_severed(MediaFile.owner_id, viewer) if severed else []
    return exists().where(*there, seen, *blocks)


def _listed(viewer: UUID | None) -> ColumnElement[bool]:
    """``may_see_album`` as a condition on ``Album``, as far as the projection knows."""
    public = col(Album.visibility) == "PUBLIC"
    if viewer is None:
        return public
    followees = select_columns(_edges.c.other_id).where(_edges.c.user_id == viewer, _edges.c.kind == FOLLOW)
    joined = select_columns(col(AlbumMember.album_id)).where(col(AlbumMember.user_id) == viewer)
    followed = and_(col(Album.visibility) == "FOLLOWERS", col(Album.owner_id).in_(followees))
    return or_(col(Album.owner_id) == viewer, public, followed, col(Album.id).in_(joined))


def not_severed(other: Any, viewer: UUID | None) -> list[ColumnElement[bool]]:
    """No block between the viewer and the other, either way."""
    if viewer is None:
        return []
    blocked = select_columns(_edges.c.other_id).where(_edges.c.user_id == viewer, _edges.c.kind == BLOCK)
    blocking = select_columns(_edges.c.user_id).where(_edges.c.other_id == viewer, _edges.c.kind == BLOCK)
    return [col(other).not_in(union_all(blocked, blocking))]
