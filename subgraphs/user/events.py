"""What the user domain tells the others."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kit.authorization.relations import FOLLOW, RELATION_CHANGED, forget_relation
from subgraphs.kit.database.transaction import Transaction
from subgraphs.user.models import COUNTS, User

__all__ = ["AVATAR", "PROFILE_CHANGED", "emit_profile", "emit_relation"]

PROFILE_CHANGED = "user.profile_changed"
"""``{"id", "version", "handle", "displayName", "bio", "avatarId", "avatarPlacedAt", "deleted"}``: registered, changed or
gone. ``avatarPlacedAt`` is there where the avatar was set just now."""
AVATAR = "User.avatar"
"""What ``Withdrawals`` knows a person's avatar as."""


def emit_profile(tx: Transaction, user: User, *, placed: bool = False) -> None:
    """Tell of an account as it is now; ``placed``: its avatar was set."""
    payload = {
        "id": user.id.hex,
        "version": user.version,
        "avatarId": user.avatar_id.hex if user.avatar_id else None,
        "avatarPlacedAt": tx.now.isoformat() if placed else None,
        "handle": user.handle,
        "displayName": user.display_name,
        "bio": user.bio,
        "deleted": user.deleted_at is not None,
    }
    tx.emit(PROFILE_CHANGED, user.id, payload)


def emit_relation(tx: Transaction, user: UUID, other: UUID, kind: str, *, held: bool) -> None:
    """Tell that an edge was made or cut; events of one pair arrive in order."""
    payload = {
        "user": user.hex,
        "other": other.hex,
        "kind": kind,
        "held": held,
        "since": tx.now.isoformat(),
    }
    forget_relation(tx, user, other, kind)
    if kind == FOLLOW:
        tx.forget(COUNTS, user, other)
    tx.emit(RELATION_CHANGED, ":".join(sorted((user.hex, other.hex))), payload)
