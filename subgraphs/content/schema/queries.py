"""The content domain's root fields."""

from __future__ import annotations

import strawberry

from subgraphs.content.schema.types import FeedKind, Info, Post, post_connection
from subgraphs.kit.graph.relay import Connection, id_of

__all__ = ["Query"]


@strawberry.type
class Query:
    @strawberry.field(
        description="Posts, newest first. An anonymous caller follows nobody: HOME is empty for them."
    )
    async def feed(
        self, info: Info, kind: FeedKind = FeedKind.HOME, first: int = 20, after: str | None = None
    ) -> Connection[Post]:
        viewer, repository = info.context.viewer.id, info.context.services.repository
        if kind is FeedKind.EXPLORE:
            request = info.context.page("feed:explore", first=first, after=after)
            return await post_connection(info, request, await repository.explore(viewer, request))
        request = info.context.page(f"feed:home:{viewer.hex if viewer else ''}", first=first, after=after)
        fetched = await repository.home(viewer, request) if viewer else []
        return await post_connection(info, request, fetched)

    @strawberry.field
    async def post(self, info: Info, id: strawberry.ID) -> Post | None:  # noqa: A002
        return await Post.load(id_of("Post", id), info)
