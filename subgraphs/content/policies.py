"""Who may see which post and comment: each rule once for a row, and once more as SQL for lists.

A list's SQL keeps hidden rows off its pages; the row's rule, which knows of blocks before the projection
does, has the last word on each.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, union_all
from sqlmodel import col

from subgraphs.content.models import TABLES, Comment, Post
from subgraphs.kit.identity import Viewer
from subgraphs.kit.relations import BLOCK, FOLLOW, Relation

__all__ = ["may_see_comment", "may_see_post", "not_severed", "visible_posts"]

_edges = TABLES.relation_edges


def may_see_post(post: Post | None, viewer: Viewer, author: Relation) -> bool:
    """One's own, public ones, and those for followers where the viewer follows; nothing across a block."""
    if post is None or post.deleted_at is not None:
        return False
    if viewer.id == post.author_id:
        return True
    if author.severed:
        return False
    return post.visibility == "PUBLIC" or (post.visibility == "FOLLOWERS" and author.following)


def may_see_comment(comment: Comment | None, author: Relation) -> bool:
    """Whoever sees the post sees its comments, but for those across a block."""
    return comment is not None and comment.deleted_at is None and not author.severed


def visible_posts(viewer: UUID | None) -> list[ColumnElement[bool]]:
    """``may_see_post`` as conditions on ``Post``."""
    live = col(Post.deleted_at).is_(None)
    public = col(Post.visibility) == "PUBLIC"
    if viewer is None:
        return [live, public]
    followees = select(_edges.c.other_id).where(_edges.c.user_id == viewer, _edges.c.kind == FOLLOW)
    followed = and_(col(Post.visibility) == "FOLLOWERS", col(Post.author_id).in_(followees))
    return [live, or_(public, followed, col(Post.author_id) == viewer), *not_severed(Post.author_id, viewer)]


def not_severed(author: Any, viewer: UUID | None) -> list[ColumnElement[bool]]:
    """No block between the viewer and the author, either way. PostgreSQL hashes the viewer's blocks once."""
    if viewer is None:
        return []
    blocked = select(_edges.c.other_id).where(_edges.c.user_id == viewer, _edges.c.kind == BLOCK)
    blocking = select(_edges.c.user_id).where(_edges.c.other_id == viewer, _edges.c.kind == BLOCK)
    return [col(author).not_in(union_all(blocked, blocking))]
