"""The content domain's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, delete, func, literal, or_, true, union
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from subgraphs.content.models import COUNTS, REACTION, TABLES, Comment, Mention, Post, Reaction
from subgraphs.content.policies import visible_posts
from subgraphs.kit.authorization.relations import FOLLOW, not_severed
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.loading.heads import HEAD
from subgraphs.kit.loading.paging import Listing, ListingByParent, behind, page_values

__all__ = ["ContentRepository", "reaction_key"]

_edges = TABLES.relation_edges
_viewer = given("viewer", Uuid)
_Request = tuple[UUID, PageRequest]

_POSTS = Read(select(Post).where(one_of(col(Post.id), "ids"), col(Post.deleted_at).is_(None)))
_COMMENTS = Read(select(Comment).where(one_of(col(Comment.id), "ids"), col(Comment.deleted_at).is_(None)))
_EXPLORE = Listing(
    select(Post).where(
        col(Post.visibility) == "PUBLIC", col(Post.deleted_at).is_(None), not_severed(_edges, Post.author_id)
    ),
    [col(Post.id)],
)
_AUTHOR_PAGES = ListingByParent(Post, col(Post.author_id), [col(Post.id)], *visible_posts())
_LIVE = col(Post.deleted_at).is_(None)
_AUTHORED = ListingByParent(Post, col(Post.author_id), [col(Post.id)], _LIVE)
_MENTION_PAGES = ListingByParent(
    Mention,
    col(Mention.product_id),
    [col(Mention.post_id)],
    select_columns(literal(1))
    .where(col(Post.id) == col(Mention.post_id), *visible_posts())
    .correlate(Mention)
    .exists(),
)
_MENTIONED = ListingByParent(
    Mention,
    col(Mention.product_id),
    [col(Mention.post_id)],
    select_columns(literal(1)).where(col(Post.id) == col(Mention.post_id), _LIVE).correlate(Mention).exists(),
)
_COMMENTS_OF = ListingByParent(
    Comment, col(Comment.post_id), [col(Comment.id)], col(Comment.deleted_at).is_(None), descending=False
)
_COMMENT_PAGES = ListingByParent(
    Comment,
    col(Comment.post_id),
    [col(Comment.id)],
    col(Comment.deleted_at).is_(None),
    not_severed(_edges, Comment.author_id),
    descending=False,
)
_REACTIONS = Read(
    select_columns(col(Reaction.post_id), col(Reaction.kind)).where(
        col(Reaction.user_id) == _viewer, one_of(col(Reaction.post_id), "posts")
    )
)


def _home(*, keyed: bool) -> Read[Post]:
    """A few rows of each author's index, merged: the cost grows with the authors, not with their posts."""
    followees = select_columns(_edges.c.other_id.label("author")).where(
        _edges.c.user_id == _viewer, _edges.c.kind == FOLLOW
    )
    authors = union(followees, select_columns(_viewer)).subquery("authors")
    page = select(Post).where(
        Post.author_id == authors.c.author,
        col(Post.deleted_at).is_(None),
        or_(col(Post.visibility).in_(["PUBLIC", "FOLLOWERS"]), col(Post.author_id) == _viewer),
    )
    if keyed:
        page = page.where(behind([col(Post.id)], descending=True))
    count = given("count", Integer)
    post = aliased(Post, page.order_by(col(Post.id).desc()).limit(count).lateral())
    return Read(
        select(post).select_from(authors).join(post, true()).order_by(col(post.id).desc()).limit(count)
    )


_HOME = {keyed: _home(keyed=keyed) for keyed in (False, True)}


def _counts() -> Read[Any]:
    comments = (
        select_columns(col(Comment.post_id), func.count(), literal(0))
        .where(
            one_of(col(Comment.post_id), "posts"),
            col(Comment.deleted_at).is_(None),
            not_severed(_edges, Comment.author_id),
        )
        .group_by(col(Comment.post_id))
    )
    reactions = (
        select_columns(col(Reaction.post_id), literal(0), func.count())
        .where(one_of(col(Reaction.post_id), "posts"), not_severed(_edges, Reaction.user_id))
        .group_by(col(Reaction.post_id))
    )
    return Read(comments.union_all(reactions))


_COUNTS = _counts()


def reaction_key(user: UUID, post: UUID) -> str:
    """What the cache knows a person's reaction to a post by."""
    return user.hex + post.hex


class ContentRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def posts(self, ids: Sequence[UUID]) -> Sequence[Post]:
        return await self._database.rows(_POSTS, ids=ids)

    async def comments(self, ids: Sequence[UUID]) -> Sequence[Comment]:
        return await self._database.rows(_COMMENTS, ids=ids)

    async def home(self, viewer: UUID, request: PageRequest) -> Sequence[Post]:
        """The viewer's and the followees' posts, newest first, one more than asked for."""
        read = _HOME[request.key is not None]
        values = page_values(request, [col(Post.id)])
        return await self._database.rows(read, viewer=viewer, **values)

    async def explore(self, viewer: UUID | None, request: PageRequest) -> Sequence[Post]:
        """The newest public posts, one more than asked for."""
        return await _EXPLORE.page(self._database, request, viewer=viewer)

    async def author_pages(
        self, viewer: UUID | None, requests: Sequence[_Request]
    ) -> dict[_Request, list[Post]]:
        """A page of each author's posts."""
        return await _AUTHOR_PAGES.pages(self._database, requests, viewer=viewer)

    async def mention_pages(
        self, viewer: UUID | None, requests: Sequence[_Request]
    ) -> dict[_Request, list[UUID]]:
        """A page of the posts that tag each product."""
        pages = await _MENTION_PAGES.pages(self._database, requests, viewer=viewer)
        return {one: [row.post_id for row in rows] for one, rows in pages.items()}

    async def authored(self, authors: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """The newest of each author's posts, whoever may see them."""
        heads = await _AUTHORED.heads(self._database, authors, HEAD)
        return {author: [row.id for row in rows] for author, rows in heads.items()}

    async def mentioned(self, products: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """The newest posts that tag each product, whoever may see them."""
        heads = await _MENTIONED.heads(self._database, products, HEAD)
        return {product: [row.post_id for row in rows] for product, rows in heads.items()}

    async def comment_pages(
        self, viewer: UUID | None, requests: Sequence[_Request]
    ) -> dict[_Request, list[Comment]]:
        """A page of each post's comments, oldest first."""
        return await _COMMENT_PAGES.pages(self._database, requests, viewer=viewer)

    async def first_comments(self, posts: Sequence[UUID]) -> dict[UUID, list[Comment]]:
        """The oldest of each post's comments, whoever wrote them."""
        return await _COMMENTS_OF.heads(self._database, posts, HEAD)

    async def all_counts(self, posts: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
        """Comments and reactions of each post, whoever's they are."""
        found = await self.counts(None, posts)
        return {post: found.get(post, (0, 0)) for post in posts}

    async def counts(self, viewer: UUID | None, posts: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
        """Comments and reactions of each post, as far as the viewer may know of them."""
        totals: dict[UUID, tuple[int, int]] = {}
        for post, a, b in await self._database.rows(_COUNTS, viewer=viewer, posts=posts):
            held = totals.get(post, (0, 0))
            totals[post] = (held[0] + a, held[1] + b)
        return totals

    async def reactions_by_key(self, keys: Sequence[str]) -> dict[str, str]:
        """Reactions by ``reaction_key``; the keys are all of one person's."""
        user = UUID(keys[0][:32])
        found = await self.reactions_of(user, [UUID(key[32:]) for key in keys])
        return {reaction_key(user, post): kind for post, kind in found.items()}

    async def reactions_of(self, user: UUID, posts: Sequence[UUID]) -> dict[UUID, str]:
        """The kind of the user's reaction to each post that has one."""
        return dict(await self._database.rows(_REACTIONS, viewer=user, posts=posts))

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
        self._reacted(tx, post, user)
        statement = upsert(Reaction).values(post_id=post, user_id=user, kind=kind, reacted_at=tx.now)
        await tx.session.execute(
            statement.on_conflict_do_update(
                index_elements=["post_id", "user_id"], set_={"kind": kind, "reacted_at": tx.now}
            )
        )

    async def unreact(self, tx: Transaction, post: UUID, user: UUID) -> None:
        self._reacted(tx, post, user)
        await tx.session.execute(
            delete(Reaction).where(col(Reaction.post_id) == post, col(Reaction.user_id) == user)
        )

    def _reacted(self, tx: Transaction, post: UUID, user: UUID) -> None:
        tx.forget(COUNTS, post)
        tx.forget(REACTION, reaction_key(user, post))
