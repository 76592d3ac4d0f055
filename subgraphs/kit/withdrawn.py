"""What was made less visible just now, told through Redis before the mutation answers.

Copies that other domains keep by events (a search index) are behind by as long as an event takes. They ask
here, so that narrowing and deleting hold on the next read there too.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from uuid import UUID

from subgraphs.kit.errors import Unavailable
from subgraphs.kit.redis import RedisLink

__all__ = ["Withdrawals"]

_SECONDS = 600


class Withdrawals:
    """Marks on entities by type and id; each outlives any event's way."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link

    async def set(self, type_name: str, entity: UUID, *, withdrawn: bool, version: int = 1) -> None:
        """Mark the entity as it is since this version, or take the mark away. Redis away: the event alone tells."""
        key, client = _key(type_name, entity), self._link.client
        command = client.set(key, b"%d" % version, ex=_SECONDS) if withdrawn else client.delete(key)
        with contextlib.suppress(Unavailable):
            await self._link.call(command)

    async def among(self, entities: Sequence[tuple[str, UUID]]) -> frozenset[tuple[str, UUID]]:
        """Those of the entities that are marked."""
        return frozenset(await self.since(entities))

    async def since(self, entities: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], int]:
        """The marked ones, with the version of each mark: who knows a later one knows what was withdrawn."""
        if not entities:
            return {}
        try:
            marks = await self._link.call(self._link.client.mget([_key(*e) for e in entities]))
        except Unavailable:
            return {}
        return {e: int(mark) for e, mark in zip(entities, marks, strict=True) if mark is not None}


def _key(type_name: str, entity: UUID) -> str:
    return f"withdrawn:{type_name}:{entity.hex}"
