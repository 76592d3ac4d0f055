"""Who may see which conversation and message."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from subgraphs.kit.authorization.relations import Relation
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.messaging.models import Conversation, Member, Message

__all__ = ["attachments_for", "body_for", "may_see_conversation", "may_write"]


def may_see_conversation(
    conversation: Conversation | None, participants: Sequence[UUID], viewer: Viewer
) -> bool:
    """Its members alone, and with it every message in it."""
    return conversation is not None and viewer.id in participants


def may_write(members: Sequence[Member], relations: Sequence[Relation]) -> bool:
    """Nobody writes to a direct conversation across a block."""
    return bool(members) and not any(r.severed for r in relations)


def attachments_for(message: Message, sender: Relation) -> Sequence[UUID]:
    """Which pictures a member is told of; whether they see each is the media domain's to say."""
    return [] if message.deleted_at is not None or sender.severed else message.attachment_ids


def body_for(message: Message, sender: Relation) -> str | None:
    """What a member reads of a message: nothing of who is blocked, or blocks."""
    return None if message.deleted_at is not None or sender.severed else message.body
