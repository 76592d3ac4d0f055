"""Loaders of one request: keys asked for in the same tick become one batch."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from subgraphs.kit.cache import RowCache
from subgraphs.kit.metrics import Metrics
from subgraphs.kit.models import Entity
from subgraphs.kit.tracing import span

__all__ = ["BatchLoader", "RowLoader"]

Row = TypeVar("Row", bound=Entity)
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BatchLoader(Generic[K, V]):
    """Any batched read: ``batch`` gets the distinct keys and answers a mapping; absent keys are ``default``."""

    def __init__(
        self,
        service: str,
        name: str,
        batch: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
        default: V,
        metrics: Metrics,
    ) -> None:
        called = f"load {name}"

        async def load(keys: list[K]) -> list[V]:
            metrics.batch_size.labels(service, name).observe(len(keys))
            with span(called) as ours:
                if ours.recording:
                    ours.attributes = {"dataloader.name": name, "dataloader.batch.size": len(keys)}
                found = await batch(keys)
            return [found.get(key, default) for key in keys]

        self._loader: DataLoader[K, V] = DataLoader(load_fn=load)

    async def load(self, key: K) -> V:
        """The value for one key."""
        return await self._loader.load(key)

    async def load_many(self, keys: Sequence[K]) -> list[V]:
        """The values for several keys, in their order."""
        return await self._loader.load_many(list(keys))

    def clear(self, key: K) -> None:
        """Forget what was loaded, after writing it."""
        self._loader.clear(key)


class RowLoader(BatchLoader[UUID, Row | None]):
    """Rows by id: this request's, then Redis by one MGET, then one statement.

    Rows are raw: a policy decides about each before anything of it is answered.
    """

    def __init__(self, service: str, rows: RowCache[Row], metrics: Metrics) -> None:
        super().__init__(service, rows.entity, rows.load, None, metrics)
