"""What one request loads of posts and comments, in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from subgraphs.content.models import Comment, Mention, Post
from subgraphs.content.policies import may_see_comment, may_see_post
from subgraphs.content.repository import ContentRepository
from subgraphs.kit.cache import RowCache
from subgraphs.kit.identity import Viewer
from subgraphs.kit.loaders import BatchLoader, RowLoader
from subgraphs.kit.relay import PageRequest
from subgraphs.kit.resources import Resources

__all__ = ["Loaders"]

_Request = tuple[UUID, PageRequest]


class Loaders:
    """One request's loaders."""

    def __init__(
        self,
        resources: Resources,
        viewer: Viewer,
        repository: ContentRepository,
        posts: RowCache[Post],
        comments: RowCache[Comment],
    ) -> None:
        service, metrics = resources.service, resources.metrics
        self._viewer = viewer
        self._posts = RowLoader(service, posts, metrics)
        self._comments = RowLoader(service, comments, metrics)
        self.relations = resources.relation_loader(viewer)

        async def counts(ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
            return await repository.counts(viewer.id, ids)

        async def reactions(ids: Sequence[UUID]) -> dict[UUID, str]:
            return await repository.reactions_of(viewer.id, ids) if viewer.id else {}

        async def author_pages(requests: Sequence[_Request]) -> dict[_Request, list[Post]]:
            return await repository.author_pages(viewer.id, requests)

        async def mention_pages(requests: Sequence[_Request]) -> dict[_Request, list[Mention]]:
            return await repository.mention_pages(viewer.id, requests)

        async def comment_pages(requests: Sequence[_Request]) -> dict[_Request, list[Comment]]:
            return await repository.comment_pages(viewer.id, requests)

        self.counts: BatchLoader[UUID, tuple[int, int]] = BatchLoader(
            service, "counts", counts, (0, 0), metrics
        )
        self.reactions: BatchLoader[UUID, str | None] = BatchLoader(
            service, "reaction", reactions, None, metrics
        )
        self.author_pages: BatchLoader[_Request, list[Post]] = BatchLoader(
            service, "author_page", author_pages, [], metrics
        )
        self.mention_pages: BatchLoader[_Request, list[Mention]] = BatchLoader(
            service, "mention_page", mention_pages, [], metrics
        )
        self.comment_pages: BatchLoader[_Request, list[Comment]] = BatchLoader(
            service, "comment_page", comment_pages, [], metrics
        )

    async def visible_post(self, post: UUID | None) -> Post | None:
        """The post, where the viewer may see it."""
        row = await self._posts.load(post) if post else None
        return next(iter(await self.posts_seen([row])), None) if row else None

    async def visible_posts(self, ids: Sequence[UUID]) -> list[Post]:
        """Those of the posts that the viewer may see, in order."""
        rows = await self._posts.load_many(ids)
        return await self.posts_seen([row for row in rows if row])

    async def posts_seen(self, rows: Sequence[Post]) -> list[Post]:
        """Those of the rows that the viewer may see, in order."""
        relations = await self.relations.load_many([r.author_id for r in rows])
        return [
            row
            for row, relation in zip(rows, relations, strict=True)
            if may_see_post(row, self._viewer, relation)
        ]

    async def visible_comment(self, comment: UUID | None) -> Comment | None:
        """The comment, where the viewer may see it and its post."""
        row = await self._comments.load(comment) if comment else None
        if row is None:
            return None
        post, seen = await asyncio.gather(self.visible_post(row.post_id), self.comments_seen([row]))
        return row if post and seen else None

    async def comments_seen(self, rows: Sequence[Comment]) -> list[Comment]:
        """Those of a visible post's comments that the viewer may see, in order."""
        relations = await self.relations.load_many([r.author_id for r in rows])
        return [row for row, relation in zip(rows, relations, strict=True) if may_see_comment(row, relation)]
