"""Following and blocking: edges that every other domain keeps a projection of."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kit.authorization.relations import BLOCK, FOLLOW, notify_relation
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.user.events import emit_relation
from subgraphs.user.repository import UserRepository

__all__ = ["RelationService"]


class RelationService:
    """Makes and cuts edges; each change holds in every domain when its mutation answers."""

    def __init__(self, resources: Resources, repository: UserRepository) -> None:
        self._resources = resources
        self._repository = repository

    async def follow(self, viewer: UUID, other: UUID) -> None:
        """Raises Rejected for oneself, and (as if there were no such account) across a block."""
        self._not_oneself(viewer, other)
        async with self._resources.database.write() as tx:
            if await self._repository.severed(tx, viewer, other):
                raise Rejected.not_found("account", "userId")
            if await self._repository.relate(tx, viewer, other, FOLLOW):
                _tell(tx, viewer, other, FOLLOW, held=True)

    async def unfollow(self, viewer: UUID, other: UUID) -> None:
        async with self._resources.database.write() as tx:
            if await self._repository.unrelate(tx, viewer, other, FOLLOW):
                _tell(tx, viewer, other, FOLLOW, held=False)

    async def block(self, viewer: UUID, other: UUID) -> None:
        """Cuts the follows both ways in the same transaction; unblocking restores nothing."""
        self._not_oneself(viewer, other)
        async with self._resources.database.write() as tx:
            await self._repository.lock_pair(tx, viewer, other)
            for one, two in ((viewer, other), (other, viewer)):
                if await self._repository.unrelate(tx, one, two, FOLLOW):
                    _tell(tx, one, two, FOLLOW, held=False)
            if await self._repository.relate(tx, viewer, other, BLOCK):
                _tell(tx, viewer, other, BLOCK, held=True)

    async def unblock(self, viewer: UUID, other: UUID) -> None:
        async with self._resources.database.write() as tx:
            if await self._repository.unrelate(tx, viewer, other, BLOCK):
                _tell(tx, viewer, other, BLOCK, held=False)

    def _not_oneself(self, viewer: UUID, other: UUID) -> None:
        if viewer == other:
            raise Rejected(ErrorCode.INVALID_INPUT, "This is you.", "userId")


def _tell(tx: Transaction, user: UUID, other: UUID, kind: str, *, held: bool) -> None:
    emit_relation(tx, user, other, kind, held=held)
    notify_relation(tx, user, other, kind, held=held)
