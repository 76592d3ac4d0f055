"""Publishing, changing and deleting posts; commenting; reacting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from subgraphs.content.events import POST_CHANGED, POST_DELETED, POST_PUBLISHED, author_topic, emit_post
from subgraphs.content.loaders import Loaders
from subgraphs.content.models import (
    AUTHORED,
    COMMENT,
    COMMENTS,
    COUNTS,
    MENTIONED,
    POST,
    Comment,
    Mention,
    Post,
)
from subgraphs.content.policies import may_see_post
from subgraphs.content.repository import ContentRepository
from subgraphs.kit.authorization.withdrawn import withdraw
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.context import Context
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected

__all__ = ["ContentService", "NewPost", "Services"]

_MOST_REFERENCES = 10


@dataclass(frozen=True, slots=True)
class NewPost:
    """What a post is made of."""

    body: str
    visibility: str
    media: tuple[UUID, ...]
    products: tuple[UUID, ...]

    def arguments(self) -> list[Any]:
        """In JSON, for the idempotency key."""
        return [self.body, self.visibility, [i.hex for i in self.media], [i.hex for i in self.products]]


class ContentService:
    """Everything that writes posts, comments and reactions."""

    def __init__(self, resources: Resources, repository: ContentRepository) -> None:
        self._resources = resources
        self._repository = repository

    async def publish(self, viewer: UUID, new: NewPost, key: str | None) -> UUID:
        """Publish a post. Raises Rejected."""
        body = self._checked(new.body, empty=bool(new.media))
        for field, ids in (("mediaIds", new.media), ("productIds", new.products)):
            if len(ids) > _MOST_REFERENCES or len(set(ids)) < len(ids):
                message = f"A post has at most {_MOST_REFERENCES} of these, each once."
                raise Rejected(ErrorCode.INVALID_INPUT, message, field)
        async with self._resources.database.write() as tx:
            if (earlier := await tx.once(viewer, "createPost", key, new.arguments())) is not None:
                return UUID(earlier)
            post = Post(
                created_at=tx.now,
                updated_at=tx.now,
                author_id=viewer,
                body=body,
                visibility=new.visibility,
                media_ids=list(new.media),
                product_ids=list(new.products),
            )
            tx.add(post, POST)
            _listed(tx, post)
            await tx.session.flush()
            tx.session.add_all(Mention(product_id=p, post_id=post.id) for p in new.products)
            emit_post(tx, POST_PUBLISHED, post)
            tx.tell(author_topic(viewer), {"id": post.id.hex})
            await tx.remember(post.id.hex)
        return post.id

    async def change(self, viewer: UUID, post: UUID, body: str | None, visibility: str | None) -> None:
        """Change what is given of one's own post. Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self._own_post(tx, viewer, post)
            if body is not None:
                body = self._checked(body, empty=bool(row.media_ids))
                if body != row.body:
                    row.body, row.edited_at = body, tx.now
            row.visibility = visibility or row.visibility
            tx.touch(row, POST)
            emit_post(tx, POST_CHANGED, row)
            withdraw(tx, "Post", post, version=row.version, withdrawn=row.visibility != "PUBLIC")

    async def delete(self, viewer: UUID, post: UUID) -> None:
        """Delete one's own post, and with it everything below it. Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self._own_post(tx, viewer, post)
            tx.delete(row, POST)
            _listed(tx, row)
            emit_post(tx, POST_DELETED, row)
            withdraw(tx, "Post", post, version=row.version)

    async def comment(self, context: Context[Loaders, Any], post: UUID, body: str, key: str | None) -> UUID:
        """Say something below a post. Raises Rejected."""
        viewer = context.viewer.require()
        body = self._checked(body)
        seen = await context.loaders.visible_post(post)
        async with self._resources.database.write() as tx:
            if (earlier := await tx.once(viewer, "addComment", key, [post.hex, body])) is not None:
                return UUID(earlier)
            await self._still_visible(tx, context, seen)
            comment = Comment(created_at=tx.now, updated_at=tx.now, post_id=post, author_id=viewer, body=body)
            tx.add(comment, COMMENT)
            _commented(tx, post)
            await tx.remember(comment.id.hex)
        return comment.id

    async def delete_comment(self, viewer: UUID, comment: UUID) -> None:
        """Delete one's own comment, or any below one's own post. Raises Rejected."""
        async with self._resources.database.write() as tx:
            found = await self._repository.lock_comment(tx, comment)
            if found is None or viewer not in (found[0].author_id, found[1]):
                raise Rejected.not_found("comment", "id")
            tx.delete(found[0], COMMENT)
            _commented(tx, found[0].post_id)

    async def react(self, context: Context[Loaders, Any], post: UUID, kind: str | None) -> None:
        """Make this the viewer's one reaction to a post; None takes it back. Raises Rejected."""
        viewer = context.viewer.require()
        seen = await context.loaders.visible_post(post)
        async with self._resources.database.write() as tx:
            await self._still_visible(tx, context, seen)
            if kind is None:
                await self._repository.unreact(tx, post, viewer)
            else:
                await self._repository.react(tx, post, viewer, kind)

    async def _own_post(self, tx: Transaction, viewer: UUID, post: UUID) -> Post:
        row = await self._repository.lock_post(tx, post)
        if row is None or row.author_id != viewer:
            raise Rejected.not_found("post", "id")
        return row

    async def _still_visible(
        self, tx: Transaction, context: Context[Loaders, Any], seen: Post | None
    ) -> None:
        """The post the viewer saw, as it is now: it may have been narrowed meanwhile, and cannot be until
        this transaction ends."""
        row = await self._repository.lock_post(tx, seen.id, shared=True) if seen else None
        if row is None or not may_see_post(
            row, context.viewer, await context.loaders.relations.load(row.author_id)
        ):
            raise Rejected.not_found("post", "postId")

    def _checked(self, body: str, *, empty: bool = False) -> str:
        body = body.strip()
        limit = self._resources.settings.limits.text_length
        if not (body or empty) or len(body) > limit or "\0" in body:
            message = f"A text has between 1 and {limit:,} characters."
            raise Rejected(ErrorCode.INVALID_INPUT, message, "body")
        return body


def _listed(tx: Transaction, post: Post) -> None:
    """After a post came or went."""
    tx.forget(AUTHORED, post.author_id)
    tx.forget(MENTIONED, *post.product_ids)


def _commented(tx: Transaction, post: UUID) -> None:
    tx.forget(COUNTS, post)
    tx.forget(COMMENTS, post)


@dataclass(frozen=True, slots=True)
class Services:
    """The content domain's service, and its repository for reads that are no batches."""

    repository: ContentRepository
    content: ContentService
