"""Who may see which post and comment: each rule once for a row, and once more as SQL for lists.

A list's SQL keeps hidden rows off its pages; the row's rule, which knows of blocks before the projection
does, has the last word on each.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Uuid, and_, or_, select
from sqlmodel import col

from subgraphs.content.models import TABLES, Comment, Post
from subgraphs.kit.authorization.relations import FOLLOW, Relation, not_severed
from subgraphs.kit.database.reads import given
from subgraphs.kit.identity.viewer import Viewer

__all__ = ["may_see_comment", "may_see_post", "visible_posts"]

_edges = TABLES.relation_edges
_viewer = given("viewer", Uuid)
"""None, whom nobody follows or blocks, for an anonymous caller."""


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


def visible_posts() -> list[ColumnElement[bool]]:
    """``may_see_post`` as conditions on ``Post``, for whoever is given as ``viewer``."""
    followees = select(_edges.c.other_id).where(_edges.c.user_id == _viewer, _edges.c.kind == FOLLOW)
    followed = and_(col(Post.visibility) == "FOLLOWERS", col(Post.author_id).in_(followees))
    return [
        col(Post.deleted_at).is_(None),
        or_(col(Post.visibility) == "PUBLIC", followed, col(Post.author_id) == _viewer),
        not_severed(_edges, Post.author_id),
    ]
