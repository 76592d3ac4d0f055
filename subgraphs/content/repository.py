"""The content domain's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, literal, or_, true, union
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from subgraphs.content.models import TABLES, Comment, Mention, Post, Reaction
from subgraphs.content.policies import not_severed, visible_posts
from subgraphs.kit.database import Database
from subgraphs.kit.paging import pages_by_parent
from subgraphs.kit.relations import FOLLOW
from subgraphs.kit.relay import PageRequest
from subgraphs.kit.transaction import Transaction

__all__ = ["ContentRepository"]

_edges = TABLES.relation_edges
_Request = tuple[UUID, PageRequest]


class ContentRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def posts(self, ids: Sequence[UUID]) -> Sequence[Post]:
        return await self._database.rows(
            select(Post).where(col(Post.id).in_(ids), col(Post.deleted_at).is_(None))
        )

    async def comments(self, ids: Sequence[UUID]) -> Sequence[Comment]:
        return await self._database.rows(
            select(Comment).where(col(Comment.id).in_(ids), col(Comment.deleted_at).is_(None))
        )

    async def home(self, viewer: UUID, request: PageRequest) -> Sequence[Post]:
        """The viewer's and the followees' posts, newest first, one more than asked for.

        A few rows of each author's index, merged: the cost grows with the authors, not with their posts.
        """
        followees = select_columns(_edges.c.other_id.label("author")).where(
            _edges.c.user_id == viewer, _edges.c.kind == FOLLOW
        )
        authors = union(followees, select_columns(literal(viewer))).subquery("authors")
        page = select(Post).where(
            Post.author_id == authors.c.author,
            col(Post.deleted_at).is_(None),
            or_(col(Post.visibility).in_(["PUBLIC", "FOLLOWERS"]), col(Post.author_id) == viewer),
        )
        if request.key:
            page = page.where(col(Post.id) < UUID(request.key[0]))
        page = page.order_by(col(Post.id).desc()).limit(request.count + 1)
        post = aliased(Post, page.lateral())
        return await self._database.rows(
            select(post)
            .select_from(authors)
            .join(post, true())
            .order_by(col(post.id).desc())
            .limit(request.count + 1)
        )

    async def explore(self, viewer: UUID | None, request: PageRequest) -> Sequence[Post]:
        """The newest public posts, one more than asked for."""
        statement = select(Post).where(
            col(Post.visibility) == "PUBLIC",
            col(Post.deleted_at).is_(None),
            *not_severed(Post.author_id, viewer),
        )
        if request.key:
            statement = statement.where(col(Post.id) < UUID(request.key[0]))
        return await self._database.rows(statement.order_by(col(Post.id).desc()).limit(request.count + 1))

    async def author_pages(
        self, viewer: UUID | None, requests: Sequence[_Request]
    ) -> dict[_Request, list[Post]]:
        """A page of each author's posts."""
        return await pages_by_parent(
            self._database,
            Post,
            col(Post.author_id),
            [col(Post.id)],
            requests,
            parse=_id,
            where=visible_posts(viewer),
        )

    async def mention_pages(
        self, viewer: UUID | None, requests: Sequence[_Request]
    ) -> dict[_Request, list[Mention]]:
        """A page of the posts that tag each product."""
        post = select_columns(literal(1)).where(col(Post.id) == col(Mention.post_id), *visible_posts(viewer))
        return await pages_by_parent(
            self._database,
            Mention,
            col(Mention.product_id),
            [col(Mention.post_id)],
            requests,
            parse=_id,
            where=[post.correlate(Mention).exists()],
        )

    async def comment_pages(
        self, viewer: UUID | None, requests: Sequence[_Request]
    ) -> dict[_Request, list[Comment]]:
        """A page of each post's comments, oldest first."""
        return await pages_by_parent(
            self._database,
            Comment,
            col(Comment.post_id),
            [col(Comment.id)],
            requests,
            parse=_id,
            where=[col(Comment.deleted_at).is_(None), *not_severed(Comment.author_id, viewer)],
            descending=False,
        )

    async def counts(self, viewer: UUID | None, posts: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
        """Comments and reactions of each post, as far as the viewer may know of them."""
        comments = (
            select_columns(col(Comment.post_id), func.count(), literal(0))
            .where(
                col(Comment.post_id).in_(posts),
                col(Comment.deleted_at).is_(None),
                *not_severed(Comment.author_id, viewer),
            )
            .group_by(col(Comment.post_id))
        )
        reactions = (
            select_columns(col(Reaction.post_id), literal(0), func.count())
            .where(col(Reaction.post_id).in_(posts), *not_severed(Reaction.user_id, viewer))
            .group_by(col(Reaction.post_id))
        )
        totals: dict[UUID, tuple[int, int]] = {}
        for post, a, b in await self._database.tuples(comments.union_all(reactions)):
            held = totals.get(post, (0, 0))
            totals[post] = (held[0] + a, held[1] + b)
        return totals

    async def reactions_of(self, user: UUID, posts: Sequence[UUID]) -> dict[UUID, str]:
        """The kind of the user's reaction to each post that has one."""
        rows = await self._database.tuples(
            select_columns(col(Reaction.post_id), col(Reaction.kind)).where(
                col(Reaction.user_id) == user, col(Reaction.post_id).in_(posts)
            )
        )
        return {row[0]: row[1] for row in rows}

    async def lock_post(self, tx: Transaction, post: UUID, *, shared: bool = False) -> Post | None:
        """The live post, locked; ``shared`` keeps only changes to it away."""
        statement = select(Post).where(Post.id == post, col(Post.deleted_at).is_(None))
        return (await tx.session.scalars(statement.with_for_update(read=shared))).first()

    async def lock_comment(self, tx: Transaction, comment: UUID) -> tuple[Comment, UUID] | None:
        """The live comment, locked, and its post's author."""
        statement = (
            select(Comment, Post.author_id)
            .join(Post, col(Post.id) == col(Comment.post_id))
            .where(Comment.id == comment, col(Comment.deleted_at).is_(None))
            .with_for_update(of=Comment)
        )
        found = (await tx.session.execute(statement)).first()
        return (found[0], found[1]) if found else None

    async def react(self, tx: Transaction, post: UUID, user: UUID, kind: str) -> None:
        """The user's one reaction to the post is this."""
        statement = upsert(Reaction).values(post_id=post, user_id=user, kind=kind, reacted_at=tx.now)
        await tx.session.execute(
            statement.on_conflict_do_update(
                index_elements=["post_id", "user_id"], set_={"kind": kind, "reacted_at": tx.now}
            )
        )

    async def unreact(self, tx: Transaction, post: UUID, user: UUID) -> None:
        await tx.session.execute(
            delete(Reaction).where(col(Reaction.post_id) == post, col(Reaction.user_id) == user)
        )


def _id(key: tuple[str, ...]) -> list[UUID]:
    return [UUID(key[0])]
