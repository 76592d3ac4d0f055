"""What the collaboration domain tells and listens to."""

from __future__ import annotations

from subgraphs.collaboration.models import TABLES, Document
from subgraphs.kit.authorization.relations import RELATION_CHANGED, project_relation
from subgraphs.kit.database.transaction import Event, Transaction
from subgraphs.kit.events.consumer import Handlers

__all__ = ["DOCUMENT_CHANGED", "HANDLERS", "emit_document"]

DOCUMENT_CHANGED = "collaboration.document_changed"
"""``{"id", "workspaceId", "authorId", "title", "visibility", "revision", "deleted"}``: never its text."""


async def _relation_changed(tx: Transaction, event: Event) -> None:
    await project_relation(tx, event, TABLES)


HANDLERS: Handlers = {RELATION_CHANGED: _relation_changed}


def emit_document(tx: Transaction, document: Document) -> None:
    """Tell of a document as it is now."""
    payload = {
        "id": document.id.hex,
        "workspaceId": document.workspace_id.hex,
        "authorId": document.created_by.hex,
        "title": document.title,
        "visibility": document.visibility,
        "revision": document.revision,
        "deleted": document.deleted_at is not None,
    }
    tx.emit(DOCUMENT_CHANGED, document.id, payload)
