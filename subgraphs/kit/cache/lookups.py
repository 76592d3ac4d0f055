"""What the database says to a key that is no row's id, kept in Redis: whose handle it is, who is in a conversation.

Such a value has no version, so another law keeps it true (``cache.py``): whoever changes what it is made of calls
``Transaction.forget`` with its name and key, and a reader stores it only where the key still holds what it did before
the reader asked the database. Like rows, values are raw, the same for every viewer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from subgraphs.kit.cache.cache import Cache, Moment
from subgraphs.kit.cache.decoded import Found
from subgraphs.kit.cache.read_through import ReadThrough
from subgraphs.kit.database.transaction import key_text
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.uuids import decoder

__all__ = ["Lookup"]

K = TypeVar("K", bound=str | UUID)
V = TypeVar("V")


class Lookup(ReadThrough[K, V]):
    """Values of one name by key."""

    def __init__(
        self,
        cache: Cache,
        name: str,
        kind: Any,
        fetch: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
        metrics: Metrics,
    ) -> None:
        """``kind`` is the values' type, as msgspec decodes it; ``fetch`` leaves out what is not there."""
        super().__init__(cache, name, decoder(kind), metrics)
        self._values = fetch

    def _texts(self, keys: Sequence[K]) -> list[str]:
        return [key.hex if isinstance(key, UUID) else key_text(key) for key in keys]

    async def _fetch(self, keys: Sequence[K]) -> Mapping[K, V]:
        return await self._values(keys)

    async def _fill(self, asked: Mapping[K, Found | None], values: Mapping[K, V], since: Moment) -> None:
        entries = [
            (key_text(key), held.stamp, msgspec.json.encode(values[key]) if key in values else None)
            for key, held in asked.items()
            if held is not None
        ]
        await self._cache.fill_same(self.name, entries, since)
