"""Loaders of one request: keys asked for in the same tick become one batch.

A list's keys are asked for by one call, and one future waits for all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import types
from collections.abc import Awaitable, Callable, Generator, Hashable, Mapping, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.database.models import Entity
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import Opened, closed, error_type, opened

__all__ = ["BatchLoader", "RowLoader"]

Row = TypeVar("Row", bound=Entity)
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Batch(Generic[K]):
    """Keys that are loaded together, and who waits for them besides the one who loads them."""

    __slots__ = ("keys", "task", "waiting")

    def __init__(self) -> None:
        self.keys: list[K] = []
        self.waiting: list[asyncio.Future[None]] = []
        self.task: asyncio.Task[None] | None = None
        """What loads them, where that is nobody who asked."""

    def is_awaited(self) -> bool:
        """Whether anyone still waits."""
        return not all(waiter.done() for waiter in self.waiting)

    def landed(self, error: BaseException | None = None) -> None:
        """Let go on who waits; a waiter that was cancelled is no matter to the others."""
        for waiter in self.waiting:
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)


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
        while True:
            try:
                return [found[key] for key in keys]
            except KeyError:
                batch, ours = self._joined([key for key in keys if key not in found])
                if ours is None:
                    waiter = asyncio.get_running_loop().create_future()
                    batch.waiting.append(waiter)
                    await waiter
                else:
                    await self._load(ours, turns=2)

    def expect(self, keys: Sequence[K]) -> None:
        """Have these loaded while the caller waits for something else, before it asks for them."""
        missing = [key for key in keys if key not in self._found]
        if missing and (ours := self._joined(missing)[1]) is not None:
            self._load_aside(ours)

    def clear(self, key: K) -> None:
        """Forget what was loaded, after writing it."""
        self._found.pop(key, None)

    def _joined(self, keys: Sequence[K]) -> tuple[_Batch[K], _Batch[K] | None]:
        """The batch that has the last of these keys: one under way, or the next. So have all of them one.

        And the next again where it begins with these: whoever begins it loads it.
        """
        under_way, batch = self._under_way, self._next
        last: _Batch[K] | None = None
        ours: _Batch[K] | None = None
        for key in keys:
            last = under_way.get(key)
            if last is None:
                if batch is None:
                    batch = self._next = ours = _Batch()
                batch.keys.append(key)
                under_way[key] = last = batch
        assert last is not None  # noqa: S101 - of no keys nothing is missing
        return last, ours

    async def _load(self, batch: _Batch[K], turns: int) -> None:
        """Load the batch after so many turns of the event loop: who is about to start in this one asks first.

        Whoever asked first does it for all. Should that one go away, a task does it for those who still wait.
        """
        keys = batch.keys
        within: Opened | None = None
        try:
            for _ in range(turns):
                await _turn()
            self._close(batch)
            self._metrics.batches(self._service, self._name)(len(keys))
            within = opened()
            loaded = await self._batch(keys)
            if within is not None:
                closed(within, self._name, len(keys))
        except BaseException as error:
            if within is not None:
                closed(within, self._name, len(keys), error=error_type(error))
            if not isinstance(error, Exception) and batch.is_awaited():
                self._load_aside(batch)
            else:
                self._land(batch)
                batch.landed(error)
            raise
        default = self._default
        for key in keys:
            self._found[key] = loaded.get(key, default)
        self._land(batch)
        batch.landed()

    def _load_aside(self, batch: _Batch[K]) -> None:
        async def load() -> None:
            with contextlib.suppress(Exception):  # told to those who wait
                await self._load(batch, turns=1)

        batch.task = asyncio.get_running_loop().create_task(load())

    def _close(self, batch: _Batch[K]) -> None:
        """What is asked for from now on is another's."""
        if self._next is batch:
            self._next = None

    def _land(self, batch: _Batch[K]) -> None:
        self._close(batch)
        for key in batch.keys:
            del self._under_way[key]


@types.coroutine
def _turn() -> Generator[None, None, None]:
    """``asyncio.sleep(0)``, of which there are many."""
    yield


class RowLoader(BatchLoader[UUID, Row | None]):
    """Rows by id: this request's, then Redis by one MGET, then one statement.

    Rows are raw: a policy decides about each before anything of it is answered.
    """

    def __init__(self, service: str, rows: RowCache[Row], metrics: Metrics) -> None:
        super().__init__(service, rows.name, rows.load, None, metrics)
