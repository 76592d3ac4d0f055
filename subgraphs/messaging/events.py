"""What messaging listens to, and its live topics."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kit.events import Handlers
from subgraphs.kit.relations import RELATION_CHANGED, project_relation
from subgraphs.kit.transaction import Event, Transaction
from subgraphs.messaging.models import TABLES

__all__ = ["HANDLERS", "conversation_topic"]


async def _relation_changed(tx: Transaction, event: Event) -> None:
    await project_relation(tx, event, TABLES)


HANDLERS: Handlers = {RELATION_CHANGED: _relation_changed}


def conversation_topic(conversation: UUID) -> str:
    """Told of each new message's ``seq`` and each deleted message's ``id``."""
    return f"conversation:{conversation.hex}"
