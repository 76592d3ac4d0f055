"""The content domain's tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, Index, Uuid, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from subgraphs.kit.database.models import Entity, live_index, shared_tables, timestamp

__all__ = [
    "AUTHORED",
    "COMMENT",
    "COMMENTS",
    "COUNTS",
    "MENTIONED",
    "METADATA",
    "POST",
    "REACTION",
    "TABLES",
    "Comment",
    "Mention",
    "Post",
    "Reaction",
]

POST, COMMENT = "post", "comment"
"""The cache's names for the rows."""
COUNTS, COMMENTS, REACTION = "counts", "comments", "reaction"
"""Its names for what a post has of comments and reactions, for its first comments, and for one person's reaction."""
AUTHORED, MENTIONED = "authored", "mentioned"
"""Its names for an author's newest posts, and for the newest that tag a product, whoever may see them."""

_registry = registry()


class _Model(SQLModel, registry=_registry):
    pass


class Post(Entity, _Model, table=True):
    """``media_ids`` and ``product_ids`` refer to other domains, in the author's order."""

    __tablename__: ClassVar[Any] = "posts"
    __table_args__ = (
        live_index("posts_author", "author_id", "id DESC"),
        live_index("posts_explore", "id DESC", where="visibility = 'PUBLIC'"),
    )

    author_id: UUID
    body: str
    visibility: str = "PUBLIC"
    media_ids: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    product_ids: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    edited_at: datetime | None = Field(default=None, sa_type=timestamp)


class Mention(_Model, table=True):
    """A product tagged in a post: ``Post.product_ids`` the other way round."""

    __tablename__: ClassVar[Any] = "mentions"

    product_id: UUID = Field(primary_key=True)
    post_id: UUID = Field(primary_key=True, foreign_key="posts.id")


class Comment(Entity, _Model, table=True):
    """What someone said below a post."""

    __tablename__: ClassVar[Any] = "comments"
    __table_args__ = (
        live_index("comments_post", "post_id", "id"),
        live_index("comments_author", "author_id", "id DESC"),
    )

    post_id: UUID = Field(foreign_key="posts.id")
    author_id: UUID
    body: str


class Reaction(_Model, table=True):
    """One per user and post."""

    __tablename__: ClassVar[Any] = "reactions"
    __table_args__ = (Index("reactions_user", "user_id", text("reacted_at DESC")),)

    post_id: UUID = Field(primary_key=True, foreign_key="posts.id")
    user_id: UUID = Field(primary_key=True)
    kind: str
    reacted_at: datetime = Field(sa_type=timestamp)


METADATA = _registry.metadata
TABLES = shared_tables(METADATA)
