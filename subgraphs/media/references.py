"""Where other domains show pictures, kept by their events.

Who sees a post sees the pictures its author put in; who sees a person, the avatar they chose from among their own; who sees a
product, the pictures of its seller; who is in a conversation, what is sent to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from subgraphs.kit.database.transaction import Event, Transaction
from subgraphs.kit.events.consumer import Handlers
from subgraphs.media.models import AssetReference

__all__ = ["REFERENCES", "project_avatar", "project_message", "project_post", "project_product"]

_AUDIENCES = frozenset({"PUBLIC", "FOLLOWERS"})


@dataclass(frozen=True, slots=True)
class _Subject:
    """Something with pictures in it, as its domain told of it."""

    type: str
    id: UUID
    by: UUID
    audience: str | None
    """None: shown to nobody else."""
    media: Sequence[UUID]
    since: datetime | None
    """When they were put there; None: the event changes something else."""
    version: int
    readers: Sequence[UUID] | None = None
    """Who is let in, where the audience is ``PRIVATE``."""


async def project_post(tx: Transaction, event: Event) -> None:
    """Keep the references of one post; events of one post arrive in order."""
    told = event.payload
    if "publishedAt" not in told:
        return  # told before anyone kept references
    shown = told["visibility"] in _AUDIENCES and not told["deleted"]
    subject = _Subject(
        type="Post",
        id=UUID(told["id"]),
        by=UUID(told["author"]),
        audience=told["visibility"] if shown else None,
        media=[UUID(m) for m in told["mediaIds"]],
        since=datetime.fromisoformat(told["publishedAt"]),
        version=told["version"],
    )
    await _project(tx, subject)


async def project_avatar(tx: Transaction, event: Event) -> None:
    """Keep the reference of one person's avatar."""
    told = event.payload
    if "avatarId" not in told:
        return  # told before anyone kept references
    subject = _Subject(
        type="User.avatar",
        id=UUID(told["id"]),
        by=UUID(told["id"]),
        audience=None if told["deleted"] else "PUBLIC",
        media=[UUID(told["avatarId"])] if told["avatarId"] else [],
        since=_moment(told["avatarPlacedAt"]),
        version=told["version"],
    )
    await _project(tx, subject)


async def project_product(tx: Transaction, event: Event) -> None:
    """Keep the references of one product."""
    told = event.payload
    if "mediaIds" not in told:
        return  # told before anyone kept references
    subject = _Subject(
        type="Product.media",
        id=UUID(told["id"]),
        by=UUID(told["ownerId"]),
        audience="PUBLIC" if told["published"] and not told["deleted"] else None,
        media=[UUID(m) for m in told["mediaIds"]],
        since=_moment(told["mediaPlacedAt"]),
        version=told["version"],
    )
    await _project(tx, subject)


async def project_message(tx: Transaction, event: Event) -> None:
    """Keep the references of one message's attachments."""
    told = event.payload
    subject = _Subject(
        type="Message.attachments",
        id=UUID(told["id"]),
        by=UUID(told["sender"]),
        audience=None if told["deleted"] else "PRIVATE",
        media=[UUID(m) for m in told["mediaIds"]],
        since=_moment(told["sentAt"]),
        version=told["version"],
        readers=[UUID(m) for m in told["members"]],
    )
    await _project(tx, subject)


REFERENCES: Handlers = {
    "content.post_published": project_post,
    "content.post_changed": project_post,
    "content.post_deleted": project_post,
    "messaging.message_changed": project_message,
    "user.profile_changed": project_avatar,
    "shop.product_changed": project_product,
}


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


async def _project(tx: Transaction, subject: _Subject) -> None:
    """What is no longer there goes; what stays keeps the time at which it was put there, unless it was put there anew."""
    of = (
        col(AssetReference.subject_type) == subject.type,
        col(AssetReference.subject_id) == subject.id,
    )
    shown = subject.media if subject.audience is not None else []
    await tx.session.execute(delete(AssetReference).where(*of, col(AssetReference.media_id).not_in(shown)))
    told: dict[str, Any] = {"placed_by": subject.by, "audience": subject.audience, "version": subject.version}
    told["readers"] = subject.readers
    if subject.since is None:
        await tx.session.execute(update(AssetReference).where(*of).values(told))
    elif shown:
        key = {"subject_type": subject.type, "subject_id": subject.id}
        told["since"] = subject.since
        rows = [{**key, **told, "media_id": media} for media in dict.fromkeys(shown)]
        await tx.session.execute(
            upsert(AssetReference)
            .values(rows)
            .on_conflict_do_update(index_elements=[*key, "media_id"], set_=told)
        )
