"""What one request loads of posts and comments, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.content.models import (
    AUTHORED,
    COMMENT,
    COMMENTS,
    COUNTS,
    MENTIONED,
    POST,
    REACTION,
    Comment,
    Post,
)
from subgraphs.content.policies import may_see_comment, may_see_post
from subgraphs.content.repository import ContentRepository, reaction_key
from subgraphs.kit.authorization.relations import Relation
from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.database.reads import row_type
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.loading.heads import Heads, SeenHeads
from subgraphs.kit.loading.loaders import BatchLoader, RowLoader

__all__ = ["Loaders", "Sources"]

_Request = tuple[UUID, PageRequest]


@dataclass(frozen=True, slots=True)
class Sources:
    """What loaders read from, made once a process."""

    resources: Resources
    repository: ContentRepository
    posts: RowCache[Post]
    comments: RowCache[Comment]
    authored: Lookup[UUID, list[UUID]]
    mentioned: Lookup[UUID, list[UUID]]
    first_comments: Lookup[UUID, list[Comment]]
    counts: Lookup[UUID, tuple[int, int]]
    reactions: Lookup[str, str]

    @classmethod
    def of(cls, resources: Resources, repository: ContentRepository) -> Sources:
        return cls(
            resources,
            repository,
            posts=resources.rows(POST, Post, repository.posts),
            comments=resources.rows(COMMENT, Comment, repository.comments),
            authored=resources.lookup(AUTHORED, list[UUID], repository.authored),
            mentioned=resources.lookup(MENTIONED, list[UUID], repository.mentioned),
            first_comments=resources.lookup(
                COMMENTS,
                list[row_type(Comment)],  # type: ignore[misc]
                repository.first_comments,
            ),
            counts=resources.lookup(COUNTS, tuple[int, int], repository.all_counts),
            reactions=resources.lookup(REACTION, str, repository.reactions_by_key),
        )


class _VisiblePosts:
    """The posts that one viewer may see.

    Loaders of pages know this, and this none of them: where a request's loaders know each other in a circle, all that they
    loaded stays until a collector comes by.
    """

    def __init__(
        self, posts: RowLoader[Post], relations: BatchLoader[UUID, Relation], viewer: Viewer
    ) -> None:
        self._posts = posts
        self._relations = relations
        self._viewer = viewer

    async def seen(self, rows: Sequence[Post]) -> list[Post]:
        """Those of the rows that the viewer may see, in order."""
        relations = await self._relations.load_many([r.author_id for r in rows])
        return [
            row
            for row, relation in zip(rows, relations, strict=True)
            if may_see_post(row, self._viewer, relation)
        ]

    async def among(self, ids: Sequence[UUID]) -> list[Post]:
        """Those of the posts that the viewer may see, in order."""
        rows = await self._posts.load_many(ids)
        return await self.seen([row for row in rows if row])

    async def each(self, ids: Sequence[UUID]) -> list[Post | None]:
        """Each, where the viewer may see it."""
        seen = {row.id: row for row in await self.among(ids)}
        return [seen.get(i) for i in ids]

    async def ids(self, ids: Sequence[UUID]) -> list[UUID | None]:
        """Each one's id, where the viewer may see it."""
        return [row.id if row else None for row in await self.each(ids)]


class Loaders:
    """One request's loaders."""

    def __init__(self, sources: Sources, viewer: Viewer) -> None:
        resources, repository = sources.resources, sources.repository
        service, metrics = resources.service, resources.metrics
        self._posts = RowLoader(service, sources.posts, metrics)
        self._comments = RowLoader(service, sources.comments, metrics)
        self.relations = resources.relation_loader(viewer)
        visible = _VisiblePosts(self._posts, self.relations, viewer)
        self.visible_posts, self.posts_seen = visible.among, visible.seen

        async def counts(ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
            if await resources.relations.apart(viewer.id):
                return await repository.counts(viewer.id, ids)
            return await sources.counts.load(ids)

        async def reactions(ids: Sequence[UUID]) -> dict[UUID, str]:
            if viewer.id is None:
                return {}
            keys = {reaction_key(viewer.id, post): post for post in ids}
            return {keys[key]: kind for key, kind in (await sources.reactions.load(list(keys))).items()}

        async def author_pages(requests: Sequence[_Request]) -> dict[_Request, list[Post]]:
            return await repository.author_pages(viewer.id, requests)

        async def mention_pages(requests: Sequence[_Request]) -> dict[_Request, list[UUID]]:
            return await repository.mention_pages(viewer.id, requests)

        async def rest(requests: Sequence[_Request]) -> dict[_Request, list[Comment]]:
            return await repository.comment_pages(viewer.id, requests)

        async def comment_pages(requests: Sequence[_Request]) -> dict[_Request, list[Comment]]:
            if await resources.relations.apart(viewer.id):
                return await rest(requests)
            return await Heads(sources.first_comments, rest).pages(requests)

        self.counts: BatchLoader[UUID, tuple[int, int]] = BatchLoader(
            service, COUNTS, counts, (0, 0), metrics
        )
        self.reactions: BatchLoader[UUID, str | None] = BatchLoader(
            service, REACTION, reactions, None, metrics
        )
        self.author_pages: BatchLoader[_Request, list[Post]] = BatchLoader(
            service,
            "author_page",
            SeenHeads(sources.authored, visible.each, author_pages).pages,
            [],
            metrics,
        )
        self.mention_pages: BatchLoader[_Request, list[UUID]] = BatchLoader(
            service,
            "mention_page",
            SeenHeads(sources.mentioned, visible.ids, mention_pages).pages,
            [],
            metrics,
        )
        self.comment_pages: BatchLoader[_Request, list[Comment]] = BatchLoader(
            service, "comment_page", comment_pages, [], metrics
        )

    async def visible_post(self, post: UUID | None) -> Post | None:
        """The post, where the viewer may see it."""
        row = await self._posts.load(post) if post else None
        return next(iter(await self.posts_seen([row])), None) if row else None

    async def visible_comment(self, comment: UUID | None) -> Comment | None:
        """The comment, where the viewer may see it and its post."""
        row = await self._comments.load(comment) if comment else None
        if row is None:
            return None
        self.relations.expect([row.author_id])
        return row if await self.visible_post(row.post_id) and await self.comments_seen([row]) else None

    async def comments_seen(self, rows: Sequence[Comment]) -> list[Comment]:
        """Those of a visible post's comments that the viewer may see, in order."""
        relations = await self.relations.load_many([r.author_id for r in rows])
        return [row for row, relation in zip(rows, relations, strict=True) if may_see_comment(row, relation)]
