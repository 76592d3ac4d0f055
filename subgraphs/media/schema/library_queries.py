"""The viewer's own pictures: library, timeline, duplicates, favourites, trash, and what they take up."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry

from subgraphs.kit.graph.relay import Connection, Page
from subgraphs.media.library import repository as library
from subgraphs.media.models import MediaFile as Row
from subgraphs.media.schema.types import Info, MediaFile, media_connection, storage_usage
from subgraphs.media.schema.values import MediaKind, MediaVisibility, StorageUsage

__all__ = ["LibraryQuery"]

_MOST_BUCKETS = 1000
_MOST_COPIES = 20


@strawberry.enum
class TimelineUnit(Enum):
    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"


@strawberry.type(description="Pictures taken in one day, month or year (UTC).")
class TimelineBucket:
    start: datetime
    count: int


@strawberry.type(description="Pictures of the viewer with the same content.")
class DuplicateGroup:
    assets: list[MediaFile] = strawberry.field(description="Oldest first, at most 20.")
    bytes: float = strawberry.field(description="Of one of them.")


@strawberry.input(description="What is left out is no condition.")
class AssetFilter:
    kind: MediaKind | None = None
    visibility: MediaVisibility | None = None
    tag: str | None = None
    taken_from: datetime | None = None
    taken_until: datetime | None = None

    def conditions(self) -> library.Filter:
        return library.Filter(
            film=None if self.kind is None else self.kind is MediaKind.VIDEO,
            visibility=self.visibility.name if self.visibility else None,
            tag=self.tag.strip().casefold() if self.tag is not None else None,
            taken_from=self.taken_from,
            taken_until=self.taken_until,
        )


def _conditions(given: AssetFilter | None) -> library.Filter:
    return given.conditions() if given else library.Filter()


@strawberry.type
class LibraryQuery:
    @strawberry.field(description="The viewer's own pictures, those last taken first.")
    async def assets(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        filter: AssetFilter | None = None,  # noqa: A002
    ) -> Connection[MediaFile]:
        viewer = info.context.viewer.require()
        request = info.context.page(f"assets:{viewer.hex}", first=first, after=after)
        rows = await info.context.services.library_reads.own(viewer, _conditions(filter), request)
        return await media_connection(info, request, Page.cut(request, rows), _by_taken)

    @strawberry.field(description="How many of the viewer's own pictures were taken when; the latest first.")
    async def timeline_buckets(
        self,
        info: Info,
        unit: TimelineUnit = TimelineUnit.MONTH,
        filter: AssetFilter | None = None,  # noqa: A002
    ) -> list[TimelineBucket]:
        viewer, reads = info.context.viewer.require(), info.context.services.library_reads
        found = await reads.buckets(viewer, unit.value, _conditions(filter), _MOST_BUCKETS)
        return [TimelineBucket(start=bucket.start, count=bucket.count) for bucket in found]

    @strawberry.field(description="Contents that the viewer has more than once.")
    async def duplicates(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[DuplicateGroup]:
        viewer, reads = info.context.viewer.require(), info.context.services.library_reads
        request = info.context.page(f"duplicates:{viewer.hex}", first=first, after=after)
        page = Page.cut(request, await reads.duplicated(viewer, request))
        copies = await reads.copies(viewer, [content for content, _ in page.rows], _MOST_COPIES)

        def group(row: tuple[str, int]) -> DuplicateGroup:
            files = [MediaFile.of(copy, info) for copy in copies.get(row[0], [])]
            return DuplicateGroup(assets=files, bytes=float(row[1]))

        return page.connection(request, lambda row: (row[0],), group)

    @strawberry.field(description="What the viewer likes, as far as they may still see it; last liked first.")
    async def favorites(self, info: Info, first: int = 20, after: str | None = None) -> Connection[MediaFile]:
        viewer, reads = info.context.viewer.require(), info.context.services.library_reads
        request = info.context.page(f"favorites:{viewer.hex}", first=first, after=after)
        page = Page.cut(request, await reads.favorites(viewer, request))
        rows = await info.context.loaders.visible_many([liked.media_id for liked in page.rows])
        nodes = {row.id: MediaFile.of(row, info) for row in rows if row and not row.trashed_at}
        return page.connection(
            request,
            lambda liked: (liked.added_at.isoformat(), liked.media_id.hex),
            lambda liked: nodes.get(liked.media_id),
        )

    @strawberry.field(description="What the viewer threw away and can take back; last thrown away first.")
    async def media_trash(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[MediaFile]:
        viewer, reads = info.context.viewer.require(), info.context.services.library_reads
        request = info.context.page(f"trash:{viewer.hex}", first=first, after=after)
        page = Page.cut(request, await reads.trash(viewer, request))
        return await media_connection(info, request, page, _by_trashed)

    @strawberry.field(description="What the viewer stores, and how much they may.")
    async def storage_usage(self, info: Info) -> StorageUsage:
        viewer: UUID = info.context.viewer.require()
        return await storage_usage(info, viewer)


def _by_taken(row: Row) -> tuple[Any, ...]:
    return row.taken_at.isoformat(), row.id.hex


def _by_trashed(row: Row) -> tuple[Any, ...]:
    return row.trashed_at.isoformat() if row.trashed_at else "", row.id.hex
