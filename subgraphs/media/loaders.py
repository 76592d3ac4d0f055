"""What one request loads of pictures and albums, in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.authorization.withdrawn import Withdrawals
from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.loading.loaders import BatchLoader, RowLoader
from subgraphs.media.albums.repository import AlbumRepository, Shown
from subgraphs.media.library.repository import LibraryRepository
from subgraphs.media.models import Album, AlbumItem, AlbumMember, AlbumShare, MediaFile
from subgraphs.media.policies import Place, Showing, is_public, may_see, may_see_album, role_in
from subgraphs.media.readers import Reader
from subgraphs.media.repository import MediaRepository

__all__ = ["Loaders", "Sources"]

_Request = tuple[UUID, PageRequest]


@dataclass(frozen=True, slots=True)
class Sources:
    """What loaders read from, made once a process."""

    resources: Resources
    repository: MediaRepository
    albums: AlbumRepository
    library: LibraryRepository
    file_rows: RowCache[MediaFile]
    album_rows: RowCache[Album]


class Loaders:
    """One request's loaders, for one reader."""

    def __init__(self, sources: Sources, reader: Reader) -> None:
        resources, repository, albums = sources.resources, sources.repository, sources.albums
        service, metrics, viewer = resources.service, resources.metrics, reader.viewer
        self.reader = reader
        self._sources = sources
        self._files = RowLoader(service, sources.file_rows, metrics)
        self._albums = RowLoader(service, sources.album_rows, metrics)
        self.relations = resources.relation_loader(viewer)

        async def pages(requests: Sequence[_Request]) -> dict[_Request, list[MediaFile]]:
            return await repository.pages(viewer.id, requests)

        async def album_pages(requests: Sequence[_Request]) -> dict[_Request, list[Album]]:
            return await albums.owner_pages(viewer.id, requests)

        async def item_pages(requests: Sequence[_Request]) -> dict[_Request, list[AlbumItem]]:
            return await albums.item_pages(viewer.id, requests)

        async def places(media: Sequence[UUID]) -> dict[UUID, list[Place]]:
            found = await albums.places(reader, media, resources.clock.now())
            return await _believed(found, Withdrawals(resources.cache))

        async def roles(ids: Sequence[UUID]) -> dict[UUID, str]:
            return await albums.roles(viewer.id, ids) if viewer.id else {}

        async def opened(shares: Sequence[UUID]) -> dict[UUID, UUID]:
            return await albums.opened(shares, resources.clock.now())

        async def liked(media: Sequence[UUID]) -> dict[UUID, bool]:
            return await sources.library.liked(viewer.id, media) if viewer.id else {}

        async def counts(ids: Sequence[UUID]) -> dict[UUID, int]:
            return await albums.counts(viewer.id, ids)

        async def covers(ids: Sequence[UUID]) -> dict[UUID, UUID]:
            return await albums.covers(viewer.id, ids)

        self.pages: BatchLoader[_Request, list[MediaFile]] = BatchLoader(
            service, "media_page", pages, [], metrics
        )
        self.album_pages: BatchLoader[_Request, list[Album]] = BatchLoader(
            service, "album_page", album_pages, [], metrics
        )
        self.item_pages: BatchLoader[_Request, list[AlbumItem]] = BatchLoader(
            service, "item_page", item_pages, [], metrics
        )
        self._places: BatchLoader[UUID, list[Place]] = BatchLoader(service, "places", places, [], metrics)
        self._roles: BatchLoader[UUID, str | None] = BatchLoader(service, "album_role", roles, None, metrics)
        self._links: BatchLoader[UUID, UUID | None] = BatchLoader(
            service, "album_share", opened, None, metrics
        )
        self.liked: BatchLoader[UUID, bool] = BatchLoader(service, "favorite", liked, False, metrics)
        self.tags: BatchLoader[UUID, list[str]] = BatchLoader(
            service, "asset_tags", sources.library.tags, [], metrics
        )
        self.counts: BatchLoader[UUID, int] = BatchLoader(service, "album_count", counts, 0, metrics)
        self.covers: BatchLoader[UUID, UUID | None] = BatchLoader(
            service, "album_cover", covers, None, metrics
        )
        self.members: BatchLoader[UUID, list[AlbumMember]] = BatchLoader(
            service, "album_members", albums.members, [], metrics
        )
        self.shares: BatchLoader[UUID, list[AlbumShare]] = BatchLoader(
            service, "album_shares", albums.shares, [], metrics
        )

    def holding(self, share: UUID) -> Loaders:
        """The loaders of the same viewer with a share link in hand."""
        return Loaders(self._sources, Reader(self.reader.viewer, share))

    async def opened(self, share: UUID) -> UUID | None:
        """The album that a share link opens, while it holds."""
        return await self._links.load(share)

    async def visible(self, media: UUID | None) -> MediaFile | None:
        """The picture, where the reader may see it."""
        return (await self.visible_many([media]))[0] if media else None

    async def visible_many(self, media: Sequence[UUID]) -> list[MediaFile | None]:
        """As ``visible``, for several at once."""
        rows = await self._files.load_many(media)
        seen = await self.visible_among([row for row in rows if row])
        return [row if row and row.id in seen else None for row in rows]

    async def visible_among(self, rows: Sequence[MediaFile]) -> set[UUID]:
        """Which of these rows the reader may see."""
        relations = await self.relations.load_many([row.owner_id for row in rows])
        showings = await self._showings([row for row in rows if self._asks_where_shown(row)])
        return {
            row.id
            for row, relation in zip(rows, relations, strict=True)
            if may_see(row, self.reader.viewer, relation, showings.get(row.id, ()))
        }

    def _asks_where_shown(self, row: MediaFile) -> bool:
        return not is_public(row) and row.owner_id != self.reader.viewer.id

    async def _showings(self, rows: Sequence[MediaFile]) -> dict[UUID, list[Showing]]:
        if not rows:
            return {}
        places = [p for found in await self._places.load_many([row.id for row in rows]) for p in found]
        relations = await self.relations.load_many([place.of for place in places])
        showings: dict[UUID, list[Showing]] = {}
        for place, relation in zip(places, relations, strict=True):
            showings.setdefault(place.media, []).append(Showing(place, relation))
        return showings

    async def visible_album(self, album: UUID | None) -> Album | None:
        """The album, where the reader may see it."""
        row = await self._albums.load(album) if album else None
        return row if row and row.id in await self.visible_albums_among([row]) else None

    async def visible_albums_among(self, rows: Sequence[Album]) -> set[UUID]:
        """Which of these albums the reader may see."""
        owners, ids = [row.owner_id for row in rows], [row.id for row in rows]
        links = [self.reader.share] if self.reader.share else []
        self._roles.expect(ids)
        self._links.expect(links)
        relations = await self.relations.load_many(owners)
        roles, opened = await self._roles.load_many(ids), await self._links.load_many(links)
        return {
            row.id
            for row, relation, role in zip(rows, relations, roles, strict=True)
            if may_see_album(row, self.reader.viewer, relation, role, shared=row.id in opened)
        }

    async def role(self, album: Album) -> str | None:
        """What the viewer is in an album; None for its audience."""
        return role_in(album, self.reader.viewer, await self._roles.load(album.id))


async def _believed(
    found: Mapping[UUID, Sequence[Shown]], withdrawals: Withdrawals
) -> dict[UUID, list[Place]]:
    """Without what another domain has withdrawn since its event was told."""
    subjects = {s.subject for shown in found.values() for s in shown if s.subject}
    marks = await withdrawals.since(sorted(subjects))
    return {
        media: [s.place for s in shown if s.subject is None or s.version >= marks.get(s.subject, 0)]
        for media, shown in found.items()
    }
