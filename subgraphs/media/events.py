"""What the media domain tells and listens to."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kit.events import Handlers
from subgraphs.kit.relations import RELATION_CHANGED, project_relation
from subgraphs.kit.transaction import Event, Transaction
from subgraphs.media.models import TABLES, MediaFile

__all__ = ["FILE_CHANGED", "HANDLERS", "emit_file", "status_topic"]

FILE_CHANGED = "media.file_changed"
"""``{"id", "ownerId", "visibility", "status", "altText", "deleted"}``."""


async def _relation_changed(tx: Transaction, event: Event) -> None:
    await project_relation(tx, event, TABLES)


HANDLERS: Handlers = {RELATION_CHANGED: _relation_changed}


def status_topic(owner: UUID) -> str:
    """Told of each change of status of the owner's files: ``{"id"}``."""
    return f"status:{owner.hex}"


def emit_file(tx: Transaction, media: MediaFile) -> None:
    """Tell of a file as it is now."""
    payload = {
        "id": media.id.hex,
        "ownerId": media.owner_id.hex,
        "visibility": media.visibility,
        "status": media.status,
        "altText": media.alt_text,
        "deleted": media.deleted_at is not None,
    }
    tx.emit(FILE_CHANGED, media.id, payload)
