"""The law: whatever the schema, the operation and the world, both executors answer the same.

``EXECUTION_CASES=10000`` runs that many.
"""

from __future__ import annotations

import asyncio
import gc
import os
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from subgraphs.kit.metrics import Metrics
from subgraphs.kit.telemetry import time_resolvers
from tests.subgraphs.kit.execution.both import AT_ONCE, Answer, answer, executed_by
from tests.subgraphs.kit.execution.random_operation import random_operation
from tests.subgraphs.kit.execution.random_schema import Told, World, make_world

# Where an error cuts a list short, graphql-core leaves coroutines unawaited.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

CASES = int(os.environ.get("EXECUTION_CASES", "200"))
RUNS = Counter[str]()


@pytest.fixture(autouse=True, scope="module")
def _worth_something() -> Iterator[None]:
    """Enough of the cases answer, fail, and do not race."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    _world.cache_clear()
    with warnings.catch_warnings(action="ignore"):  # here, so that nobody else is blamed
        gc.collect()
    assert min(RUNS["errors"], RUNS["none"]) > CASES / 10
    assert RUNS["race"] < CASES / 20


async def _sweep() -> None:
    """Let what was abandoned end here, where the warning of it is ignored."""
    for _ in range(10):
        await asyncio.sleep(0)
    gc.collect()


@lru_cache(maxsize=64)
def _world(seed: int, types: int, fields: int) -> World:
    """Every other one with its resolvers timed."""
    world = make_world(Random(seed), types, fields)  # noqa: S311
    if seed % 2:
        metrics = Metrics(CollectorRegistry())
        time_resolvers(world.schema._schema, "", metrics)
        world.times = metrics.resolvers
    return world


def _counts(world: World) -> Counter[tuple[str, ...]]:
    """Calls of each resolver, and what came of them."""
    counts: Counter[tuple[str, ...]] = Counter()
    for name, cell in world.times.cells().items() if world.times else ():
        counts[*name, "called"] = cell.executions
        counts[*name, "ok"] = sum(cell.ok.counts)
        counts[*name, "error"] = sum(cell.error.counts)
    return counts


async def _executed(
    world: World, context_class: type[Any], query: str, seed: int, trouble: float
) -> tuple[Answer, Told]:
    context, told = world.context(seed, trouble)
    before = _counts(world)
    with executed_by(world.schema, context_class):
        result = await world.schema.execute(query, {"words": ["x"]}, context_value=context)
    told.timed = _counts(world) - before
    return answer(result), told


@given(
    world=st.builds(_world, st.integers(0, 40), st.integers(1, 4), st.integers(2, 6)),
    shape=st.integers(0, 10**9),
    seed=st.integers(0, 10**9),
    depth=st.integers(1, 4),
    root=st.sampled_from(["Query"] * 9 + ["Mutation"]),
    trouble=st.sampled_from([0.0, 0.0, 0.05, 0.2, 0.4]),
)
@settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=CASES == 200,
)
async def test_both_executors_answer_the_same(
    world: World, shape: int, seed: int, depth: int, root: str, trouble: float
) -> None:
    query = random_operation(Random(shape), world, root, depth)  # noqa: S311
    stock, stock_told = await _executed(world, StrawberryGraphQLCoreExecutionContext, query, seed, trouble)
    for _ in range(2):  # what is learnt of classes the first time is used the second
        compiled, told = await _executed(world, AT_ONCE, query, seed, trouble)
        assert compiled.data == stock.data, query
        if compiled.errors != stock.errors:
            event("errors that race below one null")
            RUNS["race"] += 1
            assert _race(stock, compiled), (query, stock.errors, compiled.errors)
        if not stock.errors:
            _as_well_batched(stock_told, told)
        if root == "Mutation" and not stock.errors:  # after an error, either leaves work behind that goes on
            assert told == stock_told
    RUNS["errors" if stock.errors else "none"] += 1
    if stock.errors:
        await _sweep()


def _as_well_batched(stock: Told, compiled: Told) -> None:
    assert sorted(n for batch in compiled.batches for n in batch) == sorted(
        n for b in stock.batches for n in b
    )
    assert len(compiled.batches) <= len(stock.batches)
    assert Counter(map(repr, compiled.calls)) == Counter(map(repr, stock.calls))
    assert compiled.timed == stock.timed
    RUNS["batches equal" if compiled.batches == stock.batches else "batches larger"] += 1


def _race(stock: Answer, compiled: Answer) -> bool:
    """Whether they differ only in which of several errors came first, below a place that either made null."""
    first, second = Counter(map(repr, stock.errors)), Counter(map(repr, compiled.errors))
    for one, other, extra in ((stock, compiled, first - second), (compiled, stock, second - first)):
        for error in one.errors:
            if repr(error) in extra:
                null = _null_above(stock.data, error[0])
                if null is None or not any(e[0][: len(null)] == null for e in other.errors):
                    return False
    return True


def _null_above(data: Any, path: tuple[str, ...]) -> tuple[str, ...] | None:
    """The path of the null that an error at this path has made, where that is above it."""
    value = data
    for depth, key in enumerate(path):
        if value == ("NoneType", None):
            return path[:depth]
        value = value[int(key)] if key.isdigit() else dict(value)[key]
    return None
