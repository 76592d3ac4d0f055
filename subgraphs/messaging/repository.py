"""The messaging domain's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Integer, Uuid, and_, func, tuple_, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select

from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.loading.paging import Listing, ListingByParent
from subgraphs.messaging.models import (
    DIRECT,
    LAST_MESSAGE,
    PARTICIPANTS,
    UNREAD,
    Conversation,
    Member,
    Message,
)

__all__ = ["MessagingRepository", "direct_key", "unread_key"]

_CONVERSATIONS = Read(
    select(Conversation).where(one_of(col(Conversation.id), "ids"), col(Conversation.deleted_at).is_(None))
)
_MESSAGES = Read(select(Message).where(one_of(col(Message.id), "ids")))
_MEMBERS = Read(
    select(Member).where(one_of(col(Member.conversation_id), "ids")).order_by(col(Member.user_id))
)
_DIRECTS = Read(
    select_columns(col(Conversation.direct_key), col(Conversation.id)).where(
        one_of(col(Conversation.direct_key), "keys"), col(Conversation.deleted_at).is_(None)
    )
)
_UNREAD = Read(
    select_columns(col(Message.conversation_id), func.count())
    .join(
        Member,
        and_(
            col(Member.conversation_id) == col(Message.conversation_id),
            col(Member.user_id) == given("viewer", Uuid),
        ),
    )
    .where(
        one_of(col(Message.conversation_id), "ids"),
        col(Message.seq) > col(Member.last_read_seq),
        col(Message.sender_id) != given("viewer", Uuid),
        col(Message.deleted_at).is_(None),
    )
    .group_by(col(Message.conversation_id))
)
_LAST_MESSAGES = Read(
    select(Message)
    .join(
        Conversation,
        and_(
            col(Conversation.id) == col(Message.conversation_id),
            col(Conversation.last_seq) == col(Message.seq),
        ),
    )
    .where(one_of(col(Conversation.id), "ids"))
)
_PAGES = ListingByParent(Message, col(Message.conversation_id), [col(Message.seq)], descending=False)
_SINCE = Read(
    select(Message)
    .where(
        col(Message.conversation_id) == given("conversation", Uuid),
        col(Message.seq) > given("seq", BigInteger),
    )
    .order_by(col(Message.seq))
    .limit(given("count", Integer))
)
_LISTED = Listing(
    select_columns(col(Member.conversation_id), col(Member.activity_at)).where(
        col(Member.user_id) == given("viewer", Uuid)
    ),
    [col(Member.activity_at), col(Member.conversation_id)],
)


def direct_key(one: UUID, two: UUID) -> str:
    """The same for a pair, whoever comes first."""
    return ":".join(sorted((one.hex, two.hex)))


def unread_key(user: UUID, conversation: UUID) -> str:
    """What the cache knows the number of a member's unread messages by."""
    return user.hex + conversation.hex


class MessagingRepository:
    """Reads by statement; writes within a transaction that a service began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def conversations(self, ids: Sequence[UUID]) -> Sequence[Conversation]:
        return await self._database.rows(_CONVERSATIONS, ids=ids)

    async def messages(self, ids: Sequence[UUID]) -> Sequence[Message]:
        """Deleted ones as well: their numbers stay, without a body."""
        return await self._database.rows(_MESSAGES, ids=ids)

    async def members(self, ids: Sequence[UUID]) -> dict[UUID, list[Member]]:
        """The members of each conversation, in the order of their ids."""
        found: dict[UUID, list[Member]] = {}
        for member in await self._database.rows(_MEMBERS, ids=ids):
            found.setdefault(member.conversation_id, []).append(member)
        return found

    async def participants(self, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """Who is in each conversation: as long as it lasts, the same."""
        return {i: [m.user_id for m in members] for i, members in (await self.members(ids)).items()}

    async def directs(self, keys: Sequence[str]) -> dict[str, UUID]:
        """Direct conversations by key."""
        return dict(await self._database.rows(_DIRECTS, keys=keys))

    async def unread(self, viewer: UUID, ids: Sequence[UUID]) -> dict[UUID, int]:
        """Messages behind the viewer's mark, not the viewer's own and not deleted."""
        return dict(await self._database.rows(_UNREAD, viewer=viewer, ids=ids))

    async def unread_by_key(self, keys: Sequence[str]) -> dict[str, int]:
        """Those of ``unread`` by ``unread_key``, 0 included; the keys are all of one person's."""
        user, conversations = UUID(keys[0][:32]), [UUID(key[32:]) for key in keys]
        found = await self.unread(user, conversations)
        return {unread_key(user, one): found.get(one, 0) for one in conversations}

    async def last_messages(self, ids: Sequence[UUID]) -> dict[UUID, Message]:
        """The newest message of each conversation."""
        return {m.conversation_id: m for m in await self._database.rows(_LAST_MESSAGES, ids=ids)}

    async def pages(
        self, requests: Sequence[tuple[UUID, PageRequest]]
    ) -> dict[tuple[UUID, PageRequest], list[Message]]:
        """A page of each conversation, one more than asked for."""
        return await _PAGES.pages(self._database, requests)

    async def since(self, conversation: UUID, seq: int, limit: int) -> Sequence[Message]:
        """What was said after ``seq``, in order."""
        return await self._database.rows(_SINCE, conversation=conversation, seq=seq, count=limit)

    async def listed(self, viewer: UUID, request: PageRequest) -> Sequence[tuple[UUID, datetime]]:
        """The viewer's conversations, the liveliest first, one more than asked for."""
        return await _LISTED.page(self._database, request, viewer=viewer)

    async def open_direct(self, tx: Transaction, one: UUID, two: UUID) -> tuple[UUID, bool]:
        """The pair's conversation, and whether it is new. Two who open it at once get the same."""
        key = direct_key(one, two)
        new = Conversation(direct_key=key, created_at=tx.now, updated_at=tx.now)
        made = await tx.session.execute(
            upsert(Conversation)
            .values(**new.model_dump())
            .on_conflict_do_nothing(
                index_elements=["direct_key"], index_where=col(Conversation.deleted_at).is_(None)
            )
            .returning(col(Conversation.id))
        )
        if made.first() is None:
            statement = select_columns(col(Conversation.id)).where(
                col(Conversation.direct_key) == key, col(Conversation.deleted_at).is_(None)
            )
            return (await tx.session.execute(statement)).scalar_one(), False
        tx.forget(DIRECT, key)
        tx.forget(PARTICIPANTS, new.id)
        for user in sorted({one, two}):
            tx.session.add(Member(conversation_id=new.id, user_id=user, activity_at=tx.now))
        return new.id, True

    async def lock(self, tx: Transaction, conversation: UUID) -> Conversation | None:
        """The conversation's row, locked: who holds it gives out the next number."""
        statement = (
            select(Conversation)
            .where(Conversation.id == conversation, col(Conversation.deleted_at).is_(None))
            .with_for_update()
        )
        return (await tx.session.scalars(statement)).first()

    async def sent(self, tx: Transaction, sender: UUID, client_id: str) -> Message | None:
        statement = select(Message).where(Message.sender_id == sender, Message.client_id == client_id)
        return (await tx.session.scalars(statement)).first()

    async def message_for_update(self, tx: Transaction, message: UUID) -> Message | None:
        statement = select(Message).where(Message.id == message).with_for_update()
        return (await tx.session.scalars(statement)).first()

    async def enliven(self, tx: Transaction, conversation: UUID) -> None:
        """Put the conversation first in each member's list."""
        await tx.session.execute(
            update(Member).where(col(Member.conversation_id) == conversation).values(activity_at=tx.now)
        )

    def said(self, tx: Transaction, conversation: UUID, members: Sequence[UUID]) -> None:
        """After a message of the conversation came or went."""
        tx.forget(LAST_MESSAGE, conversation)
        tx.forget(UNREAD, *(unread_key(member, conversation) for member in members))

    async def mark_read(self, tx: Transaction, conversation: UUID, user: UUID, seq: int) -> None:
        """The mark never falls, and never passes the last message."""
        tx.forget(UNREAD, unread_key(user, conversation))
        last = (
            select_columns(func.least(col(Conversation.last_seq), seq))
            .where(col(Conversation.id) == conversation)
            .scalar_subquery()
        )
        await tx.session.execute(
            update(Member)
            .where(tuple_(col(Member.conversation_id), col(Member.user_id)) == (conversation, user))
            .values(last_read_seq=func.greatest(col(Member.last_read_seq), last))
        )
