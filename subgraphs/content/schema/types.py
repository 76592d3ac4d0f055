"""Posts and comments, and what this domain adds to people and products."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import TypeAlias
from uuid import UUID

import strawberry

from subgraphs.content import models
from subgraphs.content.loaders import Loaders
from subgraphs.content.schema.stubs import MediaFile
from subgraphs.content.service import Services
from subgraphs.kit.domain.context import Context
from subgraphs.kit.execution import together
from subgraphs.kit.graph.relay import Connection, Node, Page, PageRequest, id_of, to_global

__all__ = [
    "Comment",
    "FeedKind",
    "Info",
    "Post",
    "PostVisibility",
    "Product",
    "ReactionKind",
    "User",
    "post_connection",
]

Info: TypeAlias = strawberry.Info[Context[Loaders, Services], None]


@strawberry.enum
class FeedKind(Enum):
    HOME = strawberry.enum_value("HOME", description="One's own posts and those of whom one follows.")
    EXPLORE = strawberry.enum_value("EXPLORE", description="The newest public posts.")


@strawberry.enum
class PostVisibility(Enum):
    PUBLIC = "PUBLIC"
    FOLLOWERS = "FOLLOWERS"
    PRIVATE = "PRIVATE"


@strawberry.enum
class ReactionKind(Enum):
    LIKE = "LIKE"
    LOVE = "LOVE"
    LAUGH = "LAUGH"
    WOW = "WOW"
    SAD = "SAD"
    ANGRY = "ANGRY"


async def post_connection(
    info: Info, request: PageRequest, fetched: Sequence[models.Post]
) -> Connection[Post]:
    """A page of rows as the viewer may see them; hidden ones leave no edge."""
    page = Page.cut(request, fetched)
    seen = {row.id for row in await info.context.loaders.posts_seen(page.rows)}
    return page.connection(
        request, lambda row: (row.id.hex,), lambda row: Post.of(row) if row.id in seen else None
    )


@strawberry.federation.type(keys=["id"])
class User(Node):
    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> User:  # noqa: A002
        return cls(id=id)

    @strawberry.field(description="This person's posts, as far as the viewer may see them, newest first.")
    async def posts(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Post]:
        raw = id_of("User", self.id)
        request = info.context.page(f"posts:{self.id}", first=first, after=after)
        fetched = await info.context.loaders.author_pages.load((raw, request)) if raw else []
        return await post_connection(info, request, fetched)


@strawberry.federation.type(keys=["id"])
class Product(Node):
    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Product:  # noqa: A002
        return cls(id=id)

    @strawberry.field(description="Posts that tag this product, newest first.")
    async def mentions(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Post]:
        raw, loaders = id_of("Product", self.id), info.context.loaders
        request = info.context.page(f"mentions:{self.id}", first=first, after=after)
        page = Page.cut(request, await loaders.mention_pages.load((raw, request)) if raw else [])
        posts = await loaders.visible_posts(page.rows)
        seen = {row.id: Post.of(row) for row in posts}
        return page.connection(request, lambda post: (post.hex,), seen.get)


@strawberry.type
class PostCounts:
    comments: int
    reactions: int


async def _counts(posts: Sequence[Post], info: Info) -> list[PostCounts]:
    counted = await info.context.loaders.counts.load_many([post.row.id for post in posts])
    return [PostCounts(comments=comments, reactions=reactions) for comments, reactions in counted]


async def _viewer_reactions(posts: Sequence[Post], info: Info) -> list[ReactionKind | None]:
    kinds = await info.context.loaders.reactions.load_many([post.row.id for post in posts])
    return [ReactionKind[kind] if kind else None for kind in kinds]


async def _comments(
    posts: Sequence[Post], info: Info, first: int = 20, after: str | None = None
) -> list[Connection[Comment]]:
    context, loaders = info.context, info.context.loaders
    asked = [
        (post.row.id, context.page(f"comments:{post.row.id.hex}", first=first, after=after)) for post in posts
    ]
    found = await loaders.comment_pages.load_many(asked)
    pages = [Page.cut(request, rows) for (_, request), rows in zip(asked, found, strict=True)]
    seen = {row.id for row in await loaders.comments_seen([row for page in pages for row in page.rows])}
    return [
        page.connection(
            request, lambda row: (row.id.hex,), lambda row: Comment.of(row) if row.id in seen else None
        )
        for (_, request), page in zip(asked, pages, strict=True)
    ]


@strawberry.federation.type(keys=["id"], description="Something a person has published.")
class Post(Node):
    row: strawberry.Private[models.Post]
    body: str | None
    visibility: PostVisibility
    created_at: datetime
    edited_at: datetime | None
    author: User | None
    media: list[MediaFile | None]
    tagged_products: list[Product | None]

    @classmethod
    def of(cls, row: models.Post) -> Post:
        """From a row that the policy has let through."""
        return cls(
            id=to_global("Post", row.id),
            row=row,
            body=row.body,
            visibility=PostVisibility[row.visibility],
            created_at=row.created_at,
            edited_at=row.edited_at,
            author=User(id=to_global("User", row.author_id)),
            media=[MediaFile(id=to_global("MediaFile", i)) for i in row.media_ids],
            tagged_products=[Product(id=to_global("Product", i)) for i in row.product_ids],
        )

    @classmethod
    async def load(cls, raw: UUID | None, info: Info) -> Post | None:
        """The post, or None where there is none that the viewer may see."""
        row = await info.context.loaders.visible_post(raw)
        return cls.of(row) if row else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Post | None:  # noqa: A002
        return await cls.load(id_of("Post", id), info)

    counts: PostCounts = strawberry.field(resolver=together(_counts))
    viewer_reaction: ReactionKind | None = strawberry.field(resolver=together(_viewer_reactions))
    comments: Connection[Comment] = strawberry.field(
        resolver=together(_comments), description="Oldest first."
    )

    @strawberry.federation.field(
        inaccessible=True, description="For other subgraphs: this viewer may see this post just now."
    )
    def view_grant(self, info: Info) -> str | None:
        return info.context.resources.grants.grant("Post", self.row.id, info.context.viewer)


@strawberry.federation.type(keys=["id"], description="What someone said below a post.")
class Comment(Node):
    post_id: strawberry.Private[UUID]
    body: str | None
    created_at: datetime
    author: User | None

    @classmethod
    def of(cls, row: models.Comment) -> Comment:
        """From a row that the policy has let through."""
        return cls(
            id=to_global("Comment", row.id),
            post_id=row.post_id,
            body=row.body,
            created_at=row.created_at,
            author=User(id=to_global("User", row.author_id)),
        )

    @classmethod
    async def load(cls, raw: UUID | None, info: Info) -> Comment | None:
        """The comment, or None where there is none that the viewer may see."""
        row = await info.context.loaders.visible_comment(raw)
        return cls.of(row) if row else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Comment | None:  # noqa: A002
        return await cls.load(id_of("Comment", id), info)

    @strawberry.field
    async def post(self, info: Info) -> Post | None:
        return await Post.load(self.post_id, info)
