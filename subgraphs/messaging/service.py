"""Opening conversations, sending and deleting messages, marking them read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from subgraphs.kit.authorization.relations import Relation
from subgraphs.kit.authorization.withdrawn import withdraw
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.messaging.events import ATTACHMENTS, conversation_topic, emit_message
from subgraphs.messaging.models import CONVERSATION, MESSAGE, Member, Message
from subgraphs.messaging.policies import may_write
from subgraphs.messaging.repository import MessagingRepository

__all__ = ["MessagingService", "NewMessage", "Services"]

_LONGEST_CLIENT_ID = 100


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What a message is made of; with attachments it may be without words."""

    body: str
    client_id: str | None = None
    attachments: Sequence[UUID] = ()


class MessagingService:
    """Everything that writes conversations."""

    def __init__(self, resources: Resources, repository: MessagingRepository) -> None:
        self._resources = resources
        self._repository = repository

    async def open_direct(self, viewer: UUID, other: UUID) -> UUID:
        """The viewer's conversation with the other, made if there is none. Raises Rejected."""
        if viewer == other:
            raise Rejected(ErrorCode.INVALID_INPUT, "This is you.", "userId")
        if (await self._relations(viewer, [other]))[0].severed:
            raise Rejected.not_found("account", "userId")
        async with self._resources.database.write() as tx:
            conversation, _ = await self._repository.open_direct(tx, viewer, other)
        return conversation

    async def send(self, viewer: UUID, conversation: UUID, new: NewMessage) -> Message:
        """Send a message. The same ``client_id`` again gives the same message. Raises Rejected."""
        new = self._checked(new)
        members = await self._require_writable(viewer, conversation)
        try:
            async with self._resources.database.write() as tx:
                return await self._send(tx, viewer, conversation, new, members)
        except IntegrityError as error:
            raise self._other_input() from error

    async def _send(
        self, tx: Transaction, viewer: UUID, conversation: UUID, new: NewMessage, members: Sequence[UUID]
    ) -> Message:
        row = await self._repository.lock(tx, conversation)
        if row is None:
            raise Rejected.not_found("conversation", "conversationId")
        if new.client_id and (sent := await self._repository.sent(tx, viewer, new.client_id)):
            was = (sent.conversation_id, sent.body, sent.attachment_ids)
            if was != (conversation, new.body, list(new.attachments)):
                raise self._other_input()
            return sent
        row.last_seq += 1
        tx.touch(row, CONVERSATION)
        message = Message(
            conversation_id=conversation,
            seq=row.last_seq,
            sender_id=viewer,
            client_id=new.client_id,
            body=new.body,
            attachment_ids=list(new.attachments),
            created_at=tx.now,
            updated_at=tx.now,
        )
        tx.add(message, MESSAGE)
        self._repository.said(tx, conversation, members)
        if new.attachments:
            emit_message(tx, message, members)
        await self._repository.enliven(tx, conversation)
        tx.tell(conversation_topic(conversation), {"seq": row.last_seq})
        return message

    async def delete(self, viewer: UUID, message: UUID) -> Message:
        """Erase the body of one's own message; its number stays. Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self._repository.message_for_update(tx, message)
            if row is None or row.sender_id != viewer:
                raise Rejected.not_found("message", "id")
            shown = row.deleted_at is None and bool(row.attachment_ids)
            if row.deleted_at is None:
                row.body, row.attachment_ids = None, []
                tx.delete(row, MESSAGE)
                self._repository.said(tx, row.conversation_id, await self._members(row.conversation_id))
                tx.tell(conversation_topic(row.conversation_id), {"deleted": row.id.hex})
            if shown:
                emit_message(tx, row, [])
                withdraw(
                    tx, ATTACHMENTS, message, version=row.version
                )  # from now on, whenever the event comes
        return row

    async def mark_read(self, viewer: UUID, conversation: UUID, seq: int) -> None:
        """Move the viewer's mark up to ``seq``; it never falls."""
        await self._require_member(viewer, conversation)
        async with self._resources.database.write() as tx:
            await self._repository.mark_read(tx, conversation, viewer, max(seq, 0))

    async def _members(self, conversation: UUID) -> list[UUID]:
        """Who is in it: as long as it lasts, the same."""
        return (await self._repository.participants([conversation])).get(conversation, [])

    async def _require_member(self, viewer: UUID, conversation: UUID) -> list[Member]:
        members = (await self._repository.members([conversation])).get(conversation, [])
        if all(m.user_id != viewer for m in members):
            raise Rejected.not_found("conversation", "conversationId")
        return members

    async def _require_writable(self, viewer: UUID, conversation: UUID) -> list[UUID]:
        """Who is in it."""
        members = await self._require_member(viewer, conversation)
        others = [m.user_id for m in members if m.user_id != viewer]
        if not may_write(members, await self._relations(viewer, others)):
            raise Rejected.not_found("conversation", "conversationId")
        return [member.user_id for member in members]

    async def _relations(self, viewer: UUID, others: list[UUID]) -> list[Relation]:
        found = await self._resources.relations.between(viewer, others)
        return [found.get(other, Relation()) for other in others]

    def _checked(self, new: NewMessage) -> NewMessage:
        body, limits = new.body.strip(), self._resources.settings.limits
        if not (0 if new.attachments else 1) <= len(body) <= limits.text_length:
            message = f"A message has between 1 and {limits.text_length:,} characters, or a picture."
            raise Rejected(ErrorCode.INVALID_INPUT, message, "body")
        most = limits.message_attachments
        if len(new.attachments) > most or len(set(new.attachments)) < len(new.attachments):
            message = f"A message has at most {most} pictures, each once."
            raise Rejected(ErrorCode.INVALID_INPUT, message, "attachmentIds")
        if new.client_id is not None and not 1 <= len(new.client_id) <= _LONGEST_CLIENT_ID:
            message = f"A client id has between 1 and {_LONGEST_CLIENT_ID} characters."
            raise Rejected(ErrorCode.INVALID_INPUT, message, "clientId")
        return replace(new, body=body)

    def _other_input(self) -> Rejected:
        message = "This client id was used for another message."
        return Rejected(ErrorCode.IDEMPOTENCY_CONFLICT, message, "clientId")


@dataclass(frozen=True, slots=True)
class Services:
    """The messaging domain's service, and its repository for reads that are no batches."""

    repository: MessagingRepository
    messaging: MessagingService
