"""An entity's rows by id, read through the cache: of two versions of a row the higher stays (``cache.py``)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

import msgspec

from subgraphs.kit.cache.cache import Cache, Moment
from subgraphs.kit.cache.decoded import Found
from subgraphs.kit.cache.read_through import ReadThrough
from subgraphs.kit.database.models import Entity
from subgraphs.kit.database.reads import row_type
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.uuids import decoder

__all__ = ["RowCache"]

Row = TypeVar("Row", bound=Entity)


class RowCache(ReadThrough[UUID, Row]):
    """One entity of a domain: rows by id."""

    def __init__(
        self,
        cache: Cache,
        entity: str,
        model: type[Row],
        rows: Callable[[Sequence[UUID]], Awaitable[Sequence[Row]]],
        metrics: Metrics,
    ) -> None:
        super().__init__(cache, entity, decoder(row_type(model)), metrics)
        self._rows = rows

    def _texts(self, keys: Sequence[UUID]) -> list[str]:
        return [key.hex for key in keys]

    async def _fetch(self, keys: Sequence[UUID]) -> Mapping[UUID, Row]:
        return {row.id: row for row in await self._rows(keys)}

    async def _fill(
        self, asked: Mapping[UUID, Found | None], values: Mapping[UUID, Row], since: Moment
    ) -> None:
        await self._cache.fill(self.name, [_row(i, values.get(i)) for i in asked], since)


def _row(id: UUID, row: Entity | None) -> tuple[str, int, bytes | None]:  # noqa: A002
    return (id.hex, 0, None) if row is None else (id.hex, row.version, msgspec.json.encode(row))
