"""What the media domain tells and listens to."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kit.authorization.relations import RELATION_CHANGED, project_relation
from subgraphs.kit.database.transaction import Event, Transaction
from subgraphs.kit.events.consumer import Handlers
from subgraphs.media.models import TABLES, Album, MediaFile
from subgraphs.media.references import REFERENCES

__all__ = [
    "ALBUM_CHANGED",
    "FILE_CHANGED",
    "HANDLERS",
    "album_topic",
    "emit_album",
    "emit_file",
    "status_topic",
    "upload_topic",
]

FILE_CHANGED = "media.file_changed"
"""``{"id", "ownerId", "visibility", "status", "altText", "deleted"}``; what lies in the trash is deleted, too."""
ALBUM_CHANGED = "media.album_changed"
"""``{"id", "ownerId", "title", "visibility", "deleted"}``."""


async def _relation_changed(tx: Transaction, event: Event) -> None:
    await project_relation(tx, event, TABLES)


HANDLERS: Handlers = {RELATION_CHANGED: _relation_changed, **REFERENCES}


def status_topic(owner: UUID) -> str:
    """Told of each change of status of the owner's files: ``{"id"}``."""
    return f"status:{owner.hex}"


def album_topic(album: UUID) -> str:
    """Told of each change of an album, its members or its pictures: ``{"id"}``."""
    return f"album:{album.hex}"


def emit_album(tx: Transaction, album: Album) -> None:
    """Tell of an album as it is now."""
    payload = {
        "id": album.id.hex,
        "ownerId": album.owner_id.hex,
        "title": album.title,
        "visibility": album.visibility,
        "deleted": album.deleted_at is not None,
    }
    tx.emit(ALBUM_CHANGED, album.id, payload)
    tx.tell(album_topic(album.id), {"id": album.id.hex})


def upload_topic(session: UUID) -> str:
    """Told as an upload in several steps goes on: ``{"id"}``, or ``{"stage"}`` while it is worked on."""
    return f"upload:{session.hex}"


def emit_file(tx: Transaction, media: MediaFile) -> None:
    """Tell of a file as it is now."""
    payload = {
        "id": media.id.hex,
        "ownerId": media.owner_id.hex,
        "visibility": media.visibility,
        "status": media.status,
        "altText": media.alt_text,
        "deleted": media.deleted_at is not None or media.trashed_at is not None,
    }
    tx.emit(FILE_CHANGED, media.id, payload)
