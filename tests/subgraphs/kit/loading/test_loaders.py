"""Loaders: one batch a tick, each key once, and one waiter's end is no matter to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from prometheus_client import CollectorRegistry

from subgraphs.kit.loading.loaders import BatchLoader
from subgraphs.kit.telemetry.metrics import Metrics


class _Source:
    """Doubles numbers, and knows what it was asked; holds its answers back where it is told to."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.failing = False
        self.held: asyncio.Event | None = None
        self.loader: BatchLoader[int, int] = BatchLoader(
            "service", "doubles", self._batch, -1, Metrics(CollectorRegistry())
        )

    async def _batch(self, keys: Sequence[int]) -> dict[int, int]:
        self.asked.append(list(keys))
        if self.held is not None:
            await self.held.wait()
        if self.failing:
            raise ValueError("no")
        return {key: 2 * key for key in keys if key < 100}

    async def asked_times(self, times: int) -> None:
        while len(self.asked) < times:  # noqa: ASYNC110 - the very next ticks
            await asyncio.sleep(0)


async def test_keys_of_one_tick_are_one_batch_and_each_is_asked_for_once() -> None:
    source = _Source()
    load, load_many = source.loader.load, source.loader.load_many
    found = await asyncio.gather(load(1), load_many([2, 1]), load(200), load_many([]))
    assert list(found) == [2, [4, 2], -1, []]
    assert await load_many([1, 2, 3, 3]) == [2, 4, 6, 6]
    assert source.asked == [[1, 2, 200], [3]]


async def test_what_is_under_way_is_waited_for_and_what_is_new_is_asked_meanwhile() -> None:
    source = _Source()
    source.held = asyncio.Event()
    first = asyncio.create_task(source.loader.load(1))
    await source.asked_times(1)
    second = asyncio.create_task(source.loader.load_many([2, 1]))
    await source.asked_times(2)
    source.held.set()
    assert (await first, await second) == (2, [4, 2])
    assert source.asked == [[1], [2]]


async def test_a_failure_is_everyones_who_waits_and_nobodys_afterwards() -> None:
    source = _Source()
    source.failing = True
    found = await asyncio.gather(source.loader.load(1), source.loader.load(2), return_exceptions=True)
    assert [str(error) for error in found] == ["no", "no"]
    source.failing = False
    assert await source.loader.load(1) == 2


async def test_a_waiter_that_is_cancelled_leaves_the_batch_to_the_others() -> None:
    source = _Source()
    source.held = asyncio.Event()
    gone, staying = (asyncio.create_task(source.loader.load(1)) for _ in range(2))
    await source.asked_times(1)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    source.held.set()
    assert await staying == 2


async def test_whoever_comes_while_a_batch_is_gone_on_with_for_others_has_a_batch_of_their_own() -> None:
    source = _Source()
    source.held = asyncio.Event()
    gone, staying = (asyncio.create_task(source.loader.load(1)) for _ in range(2))
    await source.asked_times(1)
    gone.cancel()
    later = asyncio.create_task(source.loader.load(2))
    await source.asked_times(3)
    source.held.set()
    assert (await staying, await later) == (2, 4)
    assert sorted(source.asked) == [[1], [1], [2]]


async def test_a_batch_that_nobody_waits_for_any_more_is_given_up_and_asked_for_anew_later() -> None:
    source = _Source()
    source.held = asyncio.Event()
    gone = [asyncio.create_task(source.loader.load(1)) for _ in range(2)]
    await source.asked_times(1)
    for task in gone:
        task.cancel()
    await asyncio.wait(gone)
    source.held.set()
    assert await source.loader.load(1) == 2
    assert source.asked == [[1], [1]]


async def test_one_that_goes_away_before_its_batch_is_asked_for_leaves_its_keys_to_the_others() -> None:
    source = _Source()
    gone, staying = (asyncio.create_task(source.loader.load(key)) for key in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await staying == 4
    assert source.asked == [[1, 2]]


async def test_what_is_expected_is_loaded_once_and_beside_what_is_waited_for() -> None:
    source, other = _Source(), _Source()
    other.held = asyncio.Event()
    source.loader.expect([1, 2])
    waited_for = asyncio.create_task(other.loader.load(3))
    await source.asked_times(1)
    other.held.set()
    assert await waited_for == 6
    assert await source.loader.load_many([2, 1]) == [4, 2]
    source.loader.expect([1])
    await asyncio.sleep(0)
    assert source.asked == [[1, 2]]


async def test_what_was_expected_in_vain_fails_who_asks_for_it_and_nobody_else() -> None:
    source = _Source()
    source.failing = True
    source.loader.expect([1])
    with pytest.raises(ValueError, match="no"):
        await source.loader.load(1)
    source.loader.expect([2])
    await source.asked_times(2)
    source.failing = False
    assert await source.loader.load(2) == 4


async def test_what_was_forgotten_is_asked_for_again() -> None:
    source = _Source()
    await source.loader.load(1)
    source.loader.clear(1)
    assert await source.loader.load(1) == 2
    assert source.asked == [[1], [1]]
