"""Pictures as they become ready, and albums as they change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import strawberry

from subgraphs.kit.graph.relay import id_of
from subgraphs.media.events import album_topic, status_topic
from subgraphs.media.schema.albums import Album
from subgraphs.media.schema.types import Info, MediaFile
from subgraphs.media.schema.uploads import UploadSubscription

__all__ = ["Subscription"]


@strawberry.type
class Subscription(UploadSubscription):
    @strawberry.subscription(description="Each change of status of one's own uploads.")
    async def asset_status_changed(self, info: Info) -> AsyncIterator[MediaFile | None]:
        viewer = info.context.viewer.require()
        async for told in info.context.listen([status_topic(viewer)]):
            row = await info.context.loaders.visible(UUID(told["id"]))
            if row is not None:
                yield MediaFile.of(row, info)

    @strawberry.subscription(
        description="Each change of an album, for as long as the viewer may see it: null once, and the end, when "
        "they no longer may."
    )
    async def album_changed(self, info: Info, album_id: strawberry.ID) -> AsyncIterator[Album | None]:
        raw = id_of("Album", album_id)
        if raw is None or await info.context.loaders.visible_album(raw) is None:
            yield None
            return
        async for _ in info.context.listen([album_topic(raw)]):
            row = await info.context.loaders.visible_album(raw)
            yield Album.of(row, info.context.loaders) if row else None
            if row is None:
                return
