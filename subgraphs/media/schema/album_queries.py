"""Albums: by id, the viewer's own, and by a link."""

from __future__ import annotations

import strawberry

from subgraphs.kit.graph.relay import Connection, Page
from subgraphs.media.schema.albums import Album, album_connection
from subgraphs.media.schema.types import Info

__all__ = ["AlbumQuery"]


@strawberry.type
class AlbumQuery:
    @strawberry.field
    async def album(self, info: Info, id: strawberry.ID) -> Album | None:  # noqa: A002
        return await Album.resolve_reference(info, id)

    @strawberry.field(description="The viewer's albums, and those they were let into; newest first.")
    async def albums(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Album]:
        viewer = info.context.viewer.require()
        request = info.context.page(f"own-albums:{viewer.hex}", first=first, after=after)
        rows = await info.context.services.album_reads.own_and_joined(viewer, request)
        return await album_connection(info, request, Page.cut(request, rows))

    @strawberry.field(description="The album that a link's token opens, signed in or not.")
    async def shared_album(self, info: Info, token: str) -> Album | None:
        share = await info.context.services.sharing.opened(token)
        if share is None:
            return None
        loaders = info.context.loaders.holding(share)
        row = await loaders.visible_album(await loaders.opened(share))
        return Album.of(row, loaders) if row else None
