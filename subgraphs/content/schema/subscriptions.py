"""New posts as they are published."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import strawberry

from subgraphs.content.events import author_topic, follows_topic
from subgraphs.content.schema.types import Info, Post

__all__ = ["Subscription"]


@strawberry.type
class Subscription:
    @strawberry.subscription(description="One's own new posts and those of whom one follows.")
    async def feed_updated(self, info: Info) -> AsyncIterator[Post | None]:
        viewer, resources = info.context.viewer.require(), info.context.resources
        while True:
            followees = await resources.relations.followees(viewer)
            topics = [author_topic(a) for a in (viewer, *followees)] + [follows_topic(viewer)]
            async with resources.live.joined(topics) as news:
                while "id" in (told := await news.get()):
                    info.context.forget()
                    if (post := await _in_feed(info, viewer, UUID(told["id"]))) is not None:
                        yield post


async def _in_feed(info: Info, viewer: UUID, raw: UUID) -> Post | None:
    """The post, if the viewer may see it just now and follows its author still."""
    row = await info.context.loaders.visible_post(raw)
    if row is None:
        return None
    follows = (await info.context.loaders.relations.load(row.author_id)).following
    return Post.of(row) if follows or row.author_id == viewer else None
