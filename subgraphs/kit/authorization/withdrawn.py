"""What was made less visible just now, told through Redis before the mutation answers.

Copies that other domains keep by events (a search index) are behind by as long as an event takes. They ask
here, so that narrowing and deleting hold on the next read there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.errors import Unavailable

__all__ = ["Withdrawals", "withdraw"]


def withdraw(tx: Transaction, type_name: str, entity: UUID, *, version: int, withdrawn: bool = True) -> None:
    """Mark the entity as it is since this version, or take the mark away."""
    tx.notify([_key(type_name, entity)], str(version) if withdrawn else "")


class Withdrawals:
    """Marks on entities by type and id; each outlives any event's way."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def among(self, entities: Sequence[tuple[str, UUID]]) -> frozenset[tuple[str, UUID]]:
        """Those of the entities that are marked."""
        return frozenset(await self.since(entities))

    async def since(self, entities: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], int]:
        """The marked ones, with the version of each mark: who knows a later one knows what was withdrawn.

        Redis away: none, and the events alone tell.
        """
        if not entities:
            return {}
        try:
            marks = await self._cache.notices([_key(*e) for e in entities])
        except Unavailable:
            return {}
        return {e: int(mark) for e, mark in zip(entities, marks, strict=True) if mark}


def _key(type_name: str, entity: UUID) -> str:
    return f"notice:withdrawn:{type_name}:{entity.hex}"
