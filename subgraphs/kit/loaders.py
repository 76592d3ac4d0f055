"""Loaders of one request: keys asked for in the same tick become one batch.

A list's keys are asked for by one call, and one future waits for all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from subgraphs.kit.cache import RowCache
from subgraphs.kit.metrics import Metrics
from subgraphs.kit.models import Entity
from subgraphs.kit.tracing import span

__all__ = ["BatchLoader", "RowLoader"]

Row = TypeVar("Row", bound=Entity)
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Batch(Generic[K]):
    """Keys that are loaded together, and who waits for them."""

    __slots__ = ("keys", "task", "waiting")

    def __init__(self) -> None:
        self.keys: list[K] = []
        self.waiting: list[asyncio.Future[None]] = []
        self.task: asyncio.Task[None] | None = None

    async def wait(self) -> None:
        """Until it has landed; raises what it failed with."""
        waiter = asyncio.get_running_loop().create_future()
        self.waiting.append(waiter)
        await waiter

    def landed(self, error: BaseException | None = None) -> None:
        """Let go on who waits; a waiter that was cancelled is no matter to the others."""
        self.task = None
        for waiter in self.waiting:
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(None)
            elif isinstance(error, Exception):
                waiter.set_exception(error)
            else:
                waiter.cancel()


class BatchLoader(Generic[K, V]):
    """Any batched read: ``batch`` gets the distinct keys and answers a mapping; absent keys are ``default``.

    What a key has is loaded once; what failed is loaded again when it is asked for again.
    """

    __slots__ = (
        "_batch",
        "_default",
        "_found",
        "_metrics",
        "_name",
        "_next",
        "_service",
        "_under_way",
    )

    def __init__(
        self,
        service: str,
        name: str,
        batch: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
        default: V,
        metrics: Metrics,
    ) -> None:
        self._name = name
        self._batch = batch
        self._default = default
        self._service = service
        self._metrics = metrics
        self._found: dict[K, V] = {}
        self._under_way: dict[K, _Batch[K]] = {}
        self._next: _Batch[K] | None = None

    async def load(self, key: K) -> V:
        """The value for one key."""
        return (await self.load_many((key,)))[0]

    async def load_many(self, keys: Sequence[K]) -> list[V]:
        """The values for several keys, in their order."""
        found = self._found
        while missing := [key for key in keys if key not in found]:
            await [self._joined(key) for key in missing][-1].wait()
        return [found[key] for key in keys]

    def clear(self, key: K) -> None:
        """Forget what was loaded, after writing it."""
        self._found.pop(key, None)

    def _joined(self, key: K) -> _Batch[K]:
        """The batch that has this key: one under way, or the next."""
        batch = self._under_way.get(key)
        if batch is None:
            batch = self._next
            if batch is None:
                batch = self._next = _Batch()
                # Not at once: who is about to start in this tick asks first.
                asyncio.get_running_loop().call_soon(self._start, batch)
            batch.keys.append(key)
            self._under_way[key] = batch
        return batch

    def _start(self, batch: _Batch[K]) -> None:
        batch.task = asyncio.get_running_loop().create_task(self._load(batch))

    async def _load(self, batch: _Batch[K]) -> None:
        self._next, keys = None, batch.keys
        self._metrics.batches(self._service, self._name)(len(keys))
        try:
            with span(f"load {self._name}") as ours:
                if ours.recording:
                    ours.attributes = {"dataloader.name": self._name, "dataloader.batch.size": len(keys)}
                loaded = await self._batch(keys)
        except BaseException as error:
            self._land(batch)
            batch.landed(error)
            if not isinstance(error, Exception):
                raise
            return
        default = self._default
        for key in keys:
            self._found[key] = loaded.get(key, default)
        self._land(batch)
        batch.landed()

    def _land(self, batch: _Batch[K]) -> None:
        for key in batch.keys:
            del self._under_way[key]


class RowLoader(BatchLoader[UUID, Row | None]):
    """Rows by id: this request's, then Redis by one MGET, then one statement.

    Rows are raw: a policy decides about each before anything of it is answered.
    """

    def __init__(self, service: str, rows: RowCache[Row], metrics: Metrics) -> None:
        super().__init__(service, rows.name, rows.load, None, metrics)
