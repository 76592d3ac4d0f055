"""Who may see and change which workspace and document."""

from __future__ import annotations

from collections.abc import Sequence

from subgraphs.collaboration.models import Document, Member, Workspace
from subgraphs.kit.authorization.relations import Relation
from subgraphs.kit.identity.viewer import Viewer

__all__ = ["may_administer", "may_see_document", "may_see_workspace", "may_write", "role_of"]


def role_of(members: Sequence[Member], viewer: Viewer) -> str | None:
    """The viewer's role among these members, if any."""
    return next((m.role for m in members if m.user_id == viewer.id), None)


def may_see_workspace(workspace: Workspace | None, members: Sequence[Member], viewer: Viewer) -> bool:
    """Its members alone."""
    return workspace is not None and workspace.deleted_at is None and role_of(members, viewer) is not None


def may_see_document(
    document: Document | None, members: Sequence[Member], viewer: Viewer, author: Relation
) -> bool:
    """The workspace's members; where it is public everyone, but across a block with its author."""
    if document is None or document.deleted_at is not None:
        return False
    if role_of(members, viewer) is not None:
        return True
    return document.visibility == "PUBLIC" and not author.severed


def may_write(role: str | None) -> bool:
    """Owners and editors change documents."""
    return role in {"OWNER", "EDITOR"}


def may_administer(role: str | None) -> bool:
    """Owners decide who is in, and as what."""
    return role == "OWNER"
