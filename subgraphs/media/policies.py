"""Who may see which picture."""

from __future__ import annotations

from subgraphs.kit.identity import Viewer
from subgraphs.kit.relations import Relation
from subgraphs.media.models import MediaFile

__all__ = ["may_change", "may_see"]


def may_see(media: MediaFile | None, viewer: Viewer, owner: Relation) -> bool:
    """Its owner, and where it is public everyone but across a block."""
    if media is None or media.deleted_at is not None:
        return False
    return media.owner_id == viewer.id or (media.visibility == "PUBLIC" and not owner.severed)


def may_change(media: MediaFile | None, viewer: Viewer) -> bool:
    """Its owner alone."""
    return media is not None and media.deleted_at is None and media.owner_id == viewer.id
