"""The SQL of albums, of who is let in, and of where pictures are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Uuid,
    and_,
    any_,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    true,
    union,
    union_all,
)
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from subgraphs.kit.authorization.relations import FOLLOW, not_severed
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.models import timestamp
from subgraphs.kit.database.reads import Read, given, given_rows, one_of
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.loading.paging import Listing, ListingByParent, gathered
from subgraphs.media.models import (
    TABLES,
    Album,
    AlbumItem,
    AlbumMember,
    AlbumShare,
    AssetReference,
    MediaFile,
)
from subgraphs.media.policies import Place
from subgraphs.media.readers import Reader

__all__ = ["AlbumRepository", "Shown"]

_edges = TABLES.relation_edges
_viewer = given("viewer", Uuid)
"""None for an anonymous caller, to whom nothing stands in any relation."""
_joined = select_columns(col(AlbumMember.album_id)).where(col(AlbumMember.user_id) == _viewer)
_not_severed = not_severed(_edges, MediaFile.owner_id)
_holds = (
    col(AlbumShare.deleted_at).is_(None),
    or_(col(AlbumShare.expires_at).is_(None), col(AlbumShare.expires_at) > given("now", timestamp)),
)
"""Of a share link: neither revoked nor over."""

ItemPages = dict[tuple[UUID, PageRequest], list[AlbumItem]]
AlbumPages = dict[tuple[UUID, PageRequest], list[Album]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A place, and for one of another domain what it is and at which version that is known."""

    place: Place
    subject: tuple[str, UUID] | None = None
    version: int = 0


def _opens() -> ColumnElement[bool]:
    """Whether the link given as ``share`` opens this album."""
    return exists().where(
        col(AlbumShare.id) == given("share", Uuid), col(AlbumShare.album_id) == col(Album.id), *_holds
    )


def _shown(*blocks: ColumnElement[bool]) -> ColumnElement[bool]:
    """``may_see`` for a picture that is seen in this album, as a condition on ``AlbumItem``."""
    placed = and_(
        col(AlbumItem.added_by) == col(MediaFile.owner_id),
        or_(
            col(MediaFile.private_since).is_(None),
            col(AlbumItem.added_at) > col(MediaFile.private_since),
        ),
    )
    seen = or_(col(MediaFile.visibility) == "PUBLIC", placed, col(MediaFile.owner_id) == _viewer)
    there = (
        col(MediaFile.id) == col(AlbumItem.media_id),
        col(MediaFile.deleted_at).is_(None),
        col(MediaFile.trashed_at).is_(None),
    )
    return exists().where(*there, seen, *blocks)


def _listed() -> ColumnElement[bool]:
    """``may_see_album`` as a condition on ``Album``, as far as the projection knows."""
    followees = select_columns(_edges.c.other_id).where(_edges.c.user_id == _viewer, _edges.c.kind == FOLLOW)
    followed = and_(col(Album.visibility) == "FOLLOWERS", col(Album.owner_id).in_(followees))
    return or_(
        col(Album.owner_id) == _viewer,
        col(Album.visibility) == "PUBLIC",
        followed,
        col(Album.id).in_(_joined),
    )


def _places() -> Read[Any]:
    let_in = or_(col(Album.owner_id) == _viewer, col(AlbumMember.user_id).is_not(None), _opens())
    let_in = func.coalesce(let_in, false())
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
            and_(col(AlbumMember.album_id) == col(Album.id), col(AlbumMember.user_id) == _viewer),
        )
        .where(one_of(col(AlbumItem.media_id), "media"), or_(col(Album.visibility) != "PRIVATE", let_in))
    )
    among = func.coalesce(_viewer == any_(col(AssetReference.readers)), false())
    elsewhere = select_columns(
        col(AssetReference.media_id),
        col(AssetReference.placed_by),
        col(AssetReference.audience),
        among,
        col(AssetReference.placed_by),
        col(AssetReference.since),
        col(AssetReference.subject_type),
        col(AssetReference.subject_id),
        col(AssetReference.version),
    ).where(
        one_of(col(AssetReference.media_id), "media"), or_(col(AssetReference.audience) != "PRIVATE", among)
    )
    return Read(union_all(in_albums, elsewhere))


def _covers() -> Read[Any]:
    of = given_rows("albums", Uuid)
    first = (
        select_columns(col(AlbumItem.media_id))
        .where(col(AlbumItem.album_id) == of.c.value, _shown(_not_severed))
        .order_by(col(AlbumItem.position), col(AlbumItem.media_id))
        .limit(1)
        .lateral()
    )
    return Read(select_columns(of.c.value, first.c.media_id).select_from(of.join(first, true())))


_ALBUMS = Read(select(Album).where(one_of(col(Album.id), "ids"), col(Album.deleted_at).is_(None)))
_ROLES = Read(
    select_columns(col(AlbumMember.album_id), col(AlbumMember.role)).where(
        one_of(col(AlbumMember.album_id), "albums"), col(AlbumMember.user_id) == given("user", Uuid)
    )
)
_OPENED = Read(
    select_columns(col(AlbumShare.id), col(AlbumShare.album_id)).where(
        one_of(col(AlbumShare.id), "shares"), *_holds
    )
)
_SHARE_OF: Read[Any] = Read(
    select_columns(col(AlbumShare.id)).where(
        col(AlbumShare.token_hash) == given("token_hash", LargeBinary), *_holds
    )
)
_SHARES = Read(
    select(AlbumShare)
    .where(one_of(col(AlbumShare.album_id), "albums"), col(AlbumShare.deleted_at).is_(None))
    .order_by(col(AlbumShare.id))
)
_MEMBERS = Read(
    select(AlbumMember)
    .where(one_of(col(AlbumMember.album_id), "albums"))
    .order_by(col(AlbumMember.added_at), col(AlbumMember.user_id))
)


def _own_and_joined() -> Listing[Album]:
    own = select_columns(col(Album.id)).where(col(Album.owner_id) == _viewer, col(Album.deleted_at).is_(None))
    mine = gathered(
        Album, select(Album).where(col(Album.id).in_(union(own, _joined)), col(Album.deleted_at).is_(None))
    )
    return Listing(select(mine), [mine.id])


_PLACES = _places()
_ITEM_PAGES = ListingByParent(
    AlbumItem,
    col(AlbumItem.album_id),
    [col(AlbumItem.position), col(AlbumItem.media_id)],
    _shown(),
    descending=False,
)
_COUNTS = Read(
    select_columns(col(AlbumItem.album_id), func.count())
    .where(one_of(col(AlbumItem.album_id), "albums"), _shown(_not_severed))
    .group_by(col(AlbumItem.album_id))
)
_COVERS = _covers()
_OWN_AND_JOINED = _own_and_joined()
_OWNER_PAGES = ListingByParent(
    Album, col(Album.owner_id), [col(Album.id)], col(Album.deleted_at).is_(None), _listed()
)


class AlbumRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def albums(self, ids: Sequence[UUID]) -> Sequence[Album]:
        return await self._database.rows(_ALBUMS, ids=ids)

    async def roles(self, user: UUID, albums: Sequence[UUID]) -> dict[UUID, str]:
        """What the user was let into these albums as."""
        return dict(await self._database.rows(_ROLES, user=user, albums=albums))

    async def opened(self, shares: Sequence[UUID], now: datetime) -> dict[UUID, UUID]:
        """The album that each share link opens, of those that hold now."""
        return dict(await self._database.rows(_OPENED, shares=shares, now=now))

    async def share_of(self, token_hash: bytes, now: datetime) -> UUID | None:
        """The share link with this token, if it holds now."""
        found = await self._database.row(_SHARE_OF, token_hash=token_hash, now=now)
        return found[0] if found else None

    async def shares(self, albums: Sequence[UUID]) -> dict[UUID, list[AlbumShare]]:
        """The share links of each album that were not revoked, oldest first."""
        found: dict[UUID, list[AlbumShare]] = {}
        for share in await self._database.rows(_SHARES, albums=albums):
            found.setdefault(share.album_id, []).append(share)
        return found

    async def members(self, albums: Sequence[UUID]) -> dict[UUID, list[AlbumMember]]:
        """Who was let into each album, those of longest standing first."""
        found: dict[UUID, list[AlbumMember]] = {}
        for member in await self._database.rows(_MEMBERS, albums=albums):
            found.setdefault(member.album_id, []).append(member)
        return found

    async def places(self, reader: Reader, media: Sequence[UUID], now: datetime) -> dict[UUID, list[Shown]]:
        """Where each picture is shown to more than its owner, as far as that may concern the reader."""
        found: dict[UUID, list[Shown]] = {}
        rows = await self._database.rows(
            _PLACES, viewer=reader.viewer.id, share=reader.share, media=media, now=now
        )
        for *place, type_, subject, version in rows:
            known = (type_, subject) if type_ else None
            found.setdefault(place[0], []).append(Shown(Place(*place), known, version))
        return found

    async def item_pages(
        self, viewer: UUID | None, requests: Sequence[tuple[UUID, PageRequest]]
    ) -> ItemPages:
        """A page of each album's pictures in their order: of those that the album may show at all."""
        return await _ITEM_PAGES.pages(self._database, requests, viewer=viewer)

    async def counts(self, viewer: UUID | None, albums: Sequence[UUID]) -> dict[UUID, int]:
        """How many pictures of each album its readers see, but those across a block with the viewer."""
        return dict(await self._database.rows(_COUNTS, viewer=viewer, albums=albums))

    async def covers(self, viewer: UUID | None, albums: Sequence[UUID]) -> dict[UUID, UUID]:
        """The first picture of each album."""
        return dict(await self._database.rows(_COVERS, viewer=viewer, albums=albums))

    async def own_and_joined(self, viewer: UUID, request: PageRequest) -> Sequence[Album]:
        """The viewer's albums and those they were let into, newest first, one more than asked for."""
        return await _OWN_AND_JOINED.page(self._database, request, viewer=viewer)

    async def owner_pages(
        self, viewer: UUID | None, requests: Sequence[tuple[UUID, PageRequest]]
    ) -> AlbumPages:
        """A page of each person's albums, of those that may concern the viewer; newest first."""
        return await _OWNER_PAGES.pages(self._database, requests, viewer=viewer)
