"""The media domain's root fields."""

from __future__ import annotations

import strawberry

from subgraphs.kit.graph.relay import Connection, Page
from subgraphs.media.schema.album_queries import AlbumQuery
from subgraphs.media.schema.library_queries import LibraryQuery
from subgraphs.media.schema.types import Info, MediaFile, media_connection
from subgraphs.media.schema.uploads import UploadQuery

__all__ = ["Query"]


@strawberry.type
class Query(LibraryQuery, AlbumQuery, UploadQuery):
    @strawberry.field
    async def media_file(self, info: Info, id: strawberry.ID) -> MediaFile | None:  # noqa: A002
        return await MediaFile.resolve_reference(info, id)

    @strawberry.field(description="Public pictures, newest first.")
    async def public_media(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[MediaFile]:
        request = info.context.page("public-media", first=first, after=after)
        rows = await info.context.services.repository.public(request)
        return await media_connection(info, request, Page.cut(request, rows))

    @strawberry.field(description="A picture: another name of `mediaFile`.")
    async def asset(self, info: Info, id: strawberry.ID) -> MediaFile | None:  # noqa: A002
        return await MediaFile.resolve_reference(info, id)
