"""Where other domains show pictures, kept by their events: who sees a post sees the pictures its author put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from subgraphs.kit.transaction import Event, Transaction
from subgraphs.media.album_models import AssetReference

__all__ = ["POST_EVENTS", "project_post"]

POST_EVENTS = ("content.post_published", "content.post_changed", "content.post_deleted")
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
    since: datetime
    version: int


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


async def _project(tx: Transaction, subject: _Subject) -> None:
    of = (
        col(AssetReference.subject_type) == subject.type,
        col(AssetReference.subject_id) == subject.id,
    )
    await tx.session.execute(delete(AssetReference).where(*of))
    if subject.audience is None or not subject.media:
        return
    await tx.session.execute(
        upsert(AssetReference).on_conflict_do_nothing(),
        [
            {
                "subject_type": subject.type,
                "subject_id": subject.id,
                "media_id": media,
                "placed_by": subject.by,
                "audience": subject.audience,
                "since": subject.since,
                "version": subject.version,
            }
            for media in subject.media
        ],
    )
