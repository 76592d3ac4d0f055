"""Who may see which account: asked by root fields, references, lists and mutations alike."""

from __future__ import annotations

from subgraphs.kit.authorization.relations import Relation
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.user.models import User

__all__ = ["may_see", "may_see_private"]


def may_see(user: User | None, relation: Relation) -> bool:
    """An account is visible unless it is gone, or a block stands between it and the viewer."""
    return user is not None and user.deleted_at is None and not relation.severed


def may_see_private(user: User, viewer: Viewer) -> bool:
    """E-mail addresses are their owner's alone."""
    return viewer.id == user.id
