"""What holds an event loop is named: the place in the code, and what its thread did meanwhile."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from prometheus_client import CollectorRegistry

from gateway.telemetry.holds import LoopHolds

_CAUSES = ("work", "garbage", "processor", "other")


def _burns_its_thread(until: Callable[[], bool]) -> None:
    while not until():
        sum(range(1000))


def _sleeps_on_the_loop(seconds: float) -> None:
    time.sleep(seconds)


class _Cycle:
    def __init__(self) -> None:
        self.itself = self


def _collects_garbage(seconds: float) -> None:
    kept = [_Cycle() for _ in range(200_000)]
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        gc.collect()
    del kept


class _Held:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def __call__(self, cause: str) -> float:
        return self._registry.get_sample_value("event_loop_held_seconds_total", {"cause": cause}) or 0.0

    @property
    def all(self) -> float:
        return sum(map(self, _CAUSES))


@asynccontextmanager
async def _watched(line_seconds: float = 0.0) -> AsyncIterator[_Held]:
    held = _Held(registry := CollectorRegistry())
    with LoopHolds(registry, over=0.05, line_seconds=line_seconds, settling_seconds=0.0).watched():
        await asyncio.sleep(0)
        yield held


async def _hold(held: _Held, cause: str, seconds: float, hold: Callable[[], None]) -> None:
    """Hold the loop until so much more is told of this cause.

    Again and again: a machine that is held up may have the loop go on before the watch has looked at it, and others' holds
    are told of besides.
    """
    before = held(cause)
    while held(cause) < before + seconds:
        hold()
        await asyncio.sleep(0.1)


def _burns_for(seconds: float) -> None:
    ends = time.thread_time() + seconds
    _burns_its_thread(lambda: time.thread_time() > ends)


async def test_work_on_the_loop_is_told_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    async with _watched() as held:
        await _hold(held, "work", 0.25, lambda: _burns_for(0.3))
        assert held("garbage") < 0.25
    line = next(line for line in caplog.messages if "_burns_its_thread" in line)
    assert line.startswith("the event loop was held for ")
    assert "_burns_its_thread (test_holds.py:" in line
    assert "test_work_on_the_loop_is_told_with_its_place (test_holds.py:" in line


async def test_a_call_that_blocks_is_no_work(caplog: pytest.LogCaptureFixture) -> None:
    async with _watched() as held:
        await _hold(held, "other", 0.25, lambda: _sleeps_on_the_loop(0.3))
        assert held("work") < 0.25
    assert any("_sleeps_on_the_loop (test_holds.py:" in line for line in caplog.messages)


async def test_collecting_garbage_is_a_cause_of_its_own() -> None:
    async with _watched() as held:
        await _hold(held, "garbage", 0.2, lambda: _collects_garbage(0.3))


async def test_every_hold_is_counted_and_not_every_one_a_line(caplog: pytest.LogCaptureFixture) -> None:
    async with _watched(line_seconds=3600.0) as held:
        for _ in range(3):
            await _hold(held, "other", 0.1, lambda: _sleeps_on_the_loop(0.15))
    assert held.all > 0.3
    assert len(caplog.messages) == 1


async def test_a_loop_that_keeps_up_is_not_told_of(caplog: pytest.LogCaptureFixture) -> None:
    registry = CollectorRegistry()
    caplog.set_level(logging.DEBUG)
    with LoopHolds(registry, over=30.0).watched():
        await asyncio.sleep(0)
    assert _Held(registry).all == 0
    assert caplog.messages == []


async def test_nothing_is_left_running_and_without_a_limit_nothing_runs() -> None:
    threads, callbacks = _threads(), list(gc.callbacks)
    with LoopHolds(CollectorRegistry(), over=0.0).watched():
        assert (_threads(), gc.callbacks) == (threads, callbacks)
    async with _watched():
        assert _threads() == threads + 1
    assert (_threads(), gc.callbacks) == (threads, callbacks)


def _threads() -> int:
    """That watch: others end when they have been idle for long, and with other tests."""
    return sum(thread.name == "loop-holds" for thread in threading.enumerate())
