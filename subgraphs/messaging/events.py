"""What messaging listens to, and its live topics."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from subgraphs.kit.authorization.relations import RELATION_CHANGED, project_relation
from subgraphs.kit.database.transaction import Event, Transaction
from subgraphs.kit.events.consumer import Handlers
from subgraphs.messaging.models import TABLES, Message

__all__ = ["ATTACHMENTS", "HANDLERS", "MESSAGE_CHANGED", "conversation_topic", "emit_message"]

MESSAGE_CHANGED = "messaging.message_changed"
"""``{"id", "version", "sender", "members", "mediaIds", "sentAt", "deleted"}``: of messages with attachments alone."""
ATTACHMENTS = "Message.attachments"
"""What ``Withdrawals`` knows a message's pictures as."""


async def _relation_changed(tx: Transaction, event: Event) -> None:
    await project_relation(tx, event, TABLES)


HANDLERS: Handlers = {RELATION_CHANGED: _relation_changed}


def emit_message(tx: Transaction, message: Message, members: Sequence[UUID]) -> None:
    """Tell of a message with attachments as it is now, and who is in its conversation."""
    payload = {
        "id": message.id.hex,
        "version": message.version,
        "sender": message.sender_id.hex,
        "members": [member.hex for member in members],
        "mediaIds": [i.hex for i in message.attachment_ids],
        "sentAt": message.created_at.isoformat(),
        "deleted": message.deleted_at is not None,
    }
    tx.emit(MESSAGE_CHANGED, message.id, payload)


def conversation_topic(conversation: UUID) -> str:
    """Told of each new message's ``seq`` and each deleted message's ``id``."""
    return f"conversation:{conversation.hex}"
