"""The messaging domain's mutations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import strawberry

from subgraphs.kit.errors import Rejected
from subgraphs.kit.graph.payloads import Payload, user_errors
from subgraphs.kit.graph.relay import id_of
from subgraphs.messaging.schema.types import Conversation, Info, Message
from subgraphs.messaging.service import NewMessage

__all__ = ["Mutation"]


@strawberry.input
class OpenDirectInput:
    user_id: strawberry.ID


@strawberry.input
class SendMessageInput:
    conversation_id: strawberry.ID
    body: str = ""
    client_id: str | None = strawberry.field(
        default=None, description="The sender's own name for it: sent again, it is the same message."
    )
    attachment_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Pictures. One's own that are private are seen by the conversation's members from then on.",
    )


@strawberry.input
class MarkReadInput:
    conversation_id: strawberry.ID
    seq: int


@strawberry.input
class DeleteMessageInput:
    id: strawberry.ID


@strawberry.type
class ConversationPayload(Payload):
    conversation: Conversation | None = None


@strawberry.type
class MessagePayload(Payload):
    message: Message | None = None


@strawberry.type
class Mutation:
    @strawberry.mutation(description="The viewer's conversation with a person, made if there is none.")
    @user_errors
    async def open_direct(self, info: Info, input: OpenDirectInput) -> ConversationPayload:  # noqa: A002
        viewer, other = info.context.viewer.require(), id_of("User", input.user_id)
        if other is None:
            raise Rejected.not_found("account", "userId")
        raw = await info.context.services.messaging.open_direct(viewer, other)
        return await _conversation(raw, info)

    @strawberry.mutation
    @user_errors
    async def send_message(self, info: Info, input: SendMessageInput) -> MessagePayload:  # noqa: A002
        viewer, conversation = info.context.viewer.require(), _raw(input.conversation_id)
        new = NewMessage(input.body, input.client_id, _pictures(input.attachment_ids))
        row = await info.context.services.messaging.send(viewer, conversation, new)
        info.context.forget()
        return MessagePayload(message=Message.of(row))

    @strawberry.mutation(description="Erases the body and the attachments; the number stays.")
    @user_errors
    async def delete_message(self, info: Info, input: DeleteMessageInput) -> MessagePayload:  # noqa: A002
        viewer, message = info.context.viewer.require(), id_of("Message", input.id)
        if message is None:
            raise Rejected.not_found("message", "id")
        row = await info.context.services.messaging.delete(viewer, message)
        info.context.forget()
        return MessagePayload(message=Message.of(row))

    @strawberry.mutation(description="Everything up to `seq` is read; the mark never falls.")
    @user_errors
    async def mark_read(self, info: Info, input: MarkReadInput) -> ConversationPayload:  # noqa: A002
        viewer, conversation = info.context.viewer.require(), _raw(input.conversation_id)
        await info.context.services.messaging.mark_read(viewer, conversation, input.seq)
        return await _conversation(conversation, info)


def _raw(global_id: str) -> UUID:
    raw = id_of("Conversation", global_id)
    if raw is None:
        raise Rejected.not_found("conversation", "conversationId")
    return raw


def _pictures(ids: Sequence[str]) -> list[UUID]:
    found = []
    for at, one in enumerate(ids):
        raw = id_of("MediaFile", one)
        if raw is None:
            raise Rejected.not_found("picture", "attachmentIds", str(at))
        found.append(raw)
    return found


async def _conversation(raw: UUID, info: Info) -> ConversationPayload:
    info.context.forget()
    return ConversationPayload(conversation=await Conversation.load(raw, info))
