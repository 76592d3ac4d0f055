"""Pictures as they become ready."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import strawberry

from subgraphs.media.events import status_topic
from subgraphs.media.schema.types import Info, MediaFile

__all__ = ["Subscription"]


@strawberry.type
class Subscription:
    @strawberry.subscription(description="Each change of status of one's own uploads.")
    async def asset_status_changed(self, info: Info) -> AsyncIterator[MediaFile | None]:
        viewer = info.context.viewer.require()
        async for told in info.context.listen([status_topic(viewer)]):
            row = await info.context.loaders.visible(UUID(told["id"]))
            if row is not None:
                yield MediaFile.of(row, info)
