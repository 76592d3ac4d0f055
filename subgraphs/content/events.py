"""What content tells the others and listens to, and its live topics."""

from __future__ import annotations

from uuid import UUID

from subgraphs.content.models import TABLES, Post
from subgraphs.kit.authorization.relations import FOLLOW, RELATION_CHANGED, project_relation
from subgraphs.kit.database.transaction import Event, Transaction
from subgraphs.kit.events.consumer import Handlers

__all__ = [
    "HANDLERS",
    "POST_CHANGED",
    "POST_DELETED",
    "POST_PUBLISHED",
    "author_topic",
    "emit_post",
    "follows_topic",
]

POST_PUBLISHED, POST_CHANGED, POST_DELETED = (
    "content.post_published",
    "content.post_changed",
    "content.post_deleted",
)
"""``{"id", "version", "author", "body", "visibility", "mediaIds", "productIds", "publishedAt", "deleted"}``: the
post as it now is."""


def emit_post(tx: Transaction, kind: str, post: Post) -> None:
    """Tell of a post as it is now."""
    payload = {
        "id": post.id.hex,
        "version": post.version,
        "author": post.author_id.hex,
        "body": post.body,
        "visibility": post.visibility,
        "mediaIds": [i.hex for i in post.media_ids],
        "productIds": [i.hex for i in post.product_ids],
        "publishedAt": post.created_at.isoformat(),
        "deleted": post.deleted_at is not None,
    }
    tx.emit(kind, post.id, payload)


def author_topic(author: UUID) -> str:
    """Told of each new post's ``id``."""
    return f"author:{author.hex}"


def follows_topic(user: UUID) -> str:
    """Told when the user follows someone, or no longer does."""
    return f"follows:{user.hex}"


async def _relation_changed(tx: Transaction, event: Event) -> None:
    await project_relation(tx, event, TABLES)
    if event.payload["kind"] == FOLLOW:
        tx.tell(follows_topic(UUID(event.payload["user"])), {"changed": True})


HANDLERS: Handlers = {RELATION_CHANGED: _relation_changed}
