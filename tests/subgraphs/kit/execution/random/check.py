"""The law, on one case: both executors answer the same.

Data, order of keys, calls and what is counted are equal, always. So are errors and batches, but for what depends
on the ticks of the event loop, of which compiled code takes fewer. Where several fields fail below a place that may
not be null, whichever comes first makes it null, and the others may come too late to be told: there, each executor
has told at least one. Where two things are waited for differently long, the keys that come of them may meet in one
batch, or not. Either way, the stock executor does as the compiled one did when things take longer or shorter; of so
many errors that no pace tried gives just these, it gives each at some pace.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from prometheus_client import CollectorRegistry
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from subgraphs.kit.execution import DirectEntry
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.resolvers import time_resolvers
from tests.subgraphs.kit.execution.both import AT_ONCE, Answer, answer, executed_by
from tests.subgraphs.kit.execution.random.operation import random_operation
from tests.subgraphs.kit.execution.random.schema import World, make_world
from tests.subgraphs.kit.execution.random.specs import Told

__all__ = ["Case", "check", "forget_worlds"]

STOCK = StrawberryGraphQLCoreExecutionContext
_MOST_PACES = 200
WORLDS = 40


@dataclass(frozen=True)
class Case:
    """One operation in one world."""

    world: int
    types: int
    fields: int
    shape: int
    """The operation's seed."""
    seed: int
    """The values'."""
    depth: int
    root: str
    trouble: float
    """How much of the world misbehaves."""

    @classmethod
    def drawn(cls, random: Random) -> Case:
        """A case by chance."""
        return cls(
            world=random.randrange(WORLDS),
            types=random.randint(1, 4),
            fields=random.randint(2, 6),
            shape=random.randrange(10**9),
            seed=random.randrange(10**9),
            depth=random.randint(1, 4),
            root=random.choice(["Query"] * 9 + ["Mutation"]),
            trouble=random.choice([0.0, 0.0, 0.05, 0.2, 0.4]),
        )


async def check(case: Case) -> Counter[str]:
    """What happened, by name; raises AssertionError where the law does not hold."""
    world = _world(case.world, case.types, case.fields)
    query = random_operation(Random(case.shape), world, case.root, case.depth)  # noqa: S311
    stock, stock_told = await _executed(world, STOCK, query, case)
    found = Counter(["errors" if stock.errors else "no errors"])
    for direct in (False, False, True, True):  # what is learnt the first time is used the second
        compiled, told = await _executed(world, AT_ONCE, query, case, direct=direct)
        assert compiled.data == stock.data, query
        if compiled.errors != stock.errors:
            found["race"] += 1
            _check_race(query, stock, compiled)
            await _check_errors_at_some_pace(world, query, case, compiled)
        if not stock.errors:
            _check_work(query, stock_told, told)
            if len(told.batches) > len(stock_told.batches):
                found["batches apart"] += 1
                await _check_batches_at_some_pace(world, query, case, told)
        if case.root == "Mutation" and not stock.errors:  # after an error, either leaves work that goes on
            assert (told.calls, told.batches, told.timed) == (
                stock_told.calls,
                stock_told.batches,
                stock_told.timed,
            ), query
    return found


def forget_worlds() -> None:
    """Let go of all schemas."""
    _world.cache_clear()


@lru_cache(maxsize=64)
def _world(seed: int, types: int, fields: int) -> World:
    """Every other one with its resolvers timed."""
    world = make_world(Random(seed), types, fields)  # noqa: S311
    if seed % 2:
        metrics = Metrics(CollectorRegistry())
        time_resolvers(world.schema._schema, "", metrics)
        world.times = metrics.resolvers
    return world


async def _executed(
    world: World,
    context_class: type[Any],
    query: str,
    case: Case,
    pace: Random | None = None,
    *,
    direct: bool = False,
) -> tuple[Answer, Told]:
    context, told = world.context(case.seed, case.trouble, pace)
    known = asyncio.all_tasks()
    before = _counts(world)
    with executed_by(world.schema, context_class):
        execute = DirectEntry(world.schema).execute if direct else world.schema.execute
        result = await execute(query, {"words": ["x"]}, context_value=context)
    told.timed = _counts(world) - before
    # After an error, either leaves work that goes on: its end is not to be counted with the next execution.
    await asyncio.gather(*(asyncio.all_tasks() - known), return_exceptions=True)
    return answer(result), told


def _counts(world: World) -> Counter[tuple[str, ...]]:
    """Calls of each resolver, and what came of them."""
    counts: Counter[tuple[str, ...]] = Counter()
    for name, cell in world.times.cells().items() if world.times else ():
        counts[*name, "called"] = cell.executions
        counts[*name, "ok"] = sum(cell.ok.counts)
        counts[*name, "error"] = sum(cell.error.counts)
    return counts


def _check_work(query: str, stock: Told, compiled: Told) -> None:
    loaded = [sorted(n for batch in told.batches for n in batch) for told in (stock, compiled)]
    assert loaded[0] == loaded[1], query
    assert Counter(map(repr, compiled.calls)) == Counter(map(repr, stock.calls)), query
    assert compiled.timed == stock.timed, query


def _check_race(query: str, stock: Answer, compiled: Answer) -> None:
    first, second = Counter(map(repr, stock.errors)), Counter(map(repr, compiled.errors))
    for one, other, extra in ((stock, compiled, first - second), (compiled, stock, second - first)):
        for error in one.errors:
            if repr(error) in extra:
                null = _null_above(stock.data, error[0])
                assert null is not None, (query, error)
                assert any(e[0][: len(null)] == null for e in other.errors), (query, error)


async def _check_errors_at_some_pace(world: World, query: str, case: Case, compiled: Answer) -> None:
    """Of many errors one set among thousands may come; then each of them has to come at some pace."""
    left = set(map(repr, compiled.errors))
    async for stock, _ in _at_other_paces(world, query, case):
        if stock.errors == compiled.errors:
            return
        left -= set(map(repr, stock.errors))
    assert not left, (query, left)


async def _check_batches_at_some_pace(world: World, query: str, case: Case, compiled: Told) -> None:
    async for _, stock in _at_other_paces(world, query, case):
        if len(stock.batches) >= len(compiled.batches):
            return
    raise AssertionError(f"The stock executor never asks as often: {query}")


async def _at_other_paces(world: World, query: str, case: Case) -> AsyncIterator[tuple[Answer, Told]]:
    for pace in range(_MOST_PACES):
        yield await _executed(world, STOCK, query, case, Random(pace))  # noqa: S311


def _null_above(data: Any, path: tuple[str, ...]) -> tuple[str, ...] | None:
    """The path of the null that an error at this path has made, where that is above it."""
    value = data
    for depth, key in enumerate(path):
        if value == ("NoneType", None):
            return path[:depth]
        value = value[int(key)] if key.isdigit() else dict(value)[key]
    return None
