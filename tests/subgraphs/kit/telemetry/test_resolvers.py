"""Resolvers are timed and counted once a call, by either executor."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import strawberry
from prometheus_client import CollectorRegistry
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from subgraphs.kit.execution import CompiledExecutionContext, Options
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.resolver_times import ResolverTimes
from subgraphs.kit.telemetry.resolvers import sampled_attributes, time_resolvers

STOCK = CompiledExecutionContext.configured(Options(enabled=False))
COMPILED = CompiledExecutionContext.configured(Options(compile_after=0))


class Clock:
    """Stands still but for what resolvers make of it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@strawberry.type
class Item:
    number: int

    @strawberry.field
    def double(self, info: strawberry.Info) -> int:
        info.context.now += 0.25
        return self.number * 2

    @strawberry.field
    async def later(self, info: strawberry.Info, times: int = 3) -> int:
        await asyncio.sleep(0)
        info.context.now += 0.5
        return self.number * times

    @strawberry.field
    async def bare(self) -> int:
        await asyncio.sleep(0)
        return self.number

    @strawberry.field
    def promised(self) -> int:
        return asyncio.ensure_future(asyncio.sleep(0, self.number))  # type: ignore[return-value]

    @strawberry.field
    async def failing(self, info: strawberry.Info) -> int | None:
        info.context.now += 2.0
        raise ValueError("no")

    @strawberry.field
    def failing_at_once(self) -> int | None:
        raise ValueError("no")

    @strawberry.field
    def others(self) -> list[Item]:
        return [Item(number=n) for n in range(self.number)]


@strawberry.interface
class Named:
    @strawberry.field
    def name(self) -> str:
        return "a name"


@strawberry.type
class Odd(Named):
    @classmethod
    def is_type_of(cls, value: Any, info: Any) -> bool:
        return isinstance(value, Odd)


@strawberry.type
class Query:
    @strawberry.field
    def items(self, count: int = 3) -> list[Item]:
        return [Item(number=n) for n in range(count)]

    @strawberry.field
    def odd(self) -> Odd:
        return Odd()


async def _ran(context: type[Any], *queries: str) -> ResolverTimes:
    clock = Clock()
    schema = strawberry.Schema(query=Query)
    metrics = Metrics(CollectorRegistry(), clock=clock)
    time_resolvers(schema._schema, "shop", metrics)
    schema.execution_context_class = context
    for query in queries:
        await schema.execute(query, context_value=clock)
    return metrics.resolvers


def _counts(times: ResolverTimes) -> dict[str, tuple[int, int, int, int]]:
    """Operations, executions, successes and failures."""
    return {
        f"{type_}.{field}": (cell.operations, cell.executions, sum(cell.ok.counts), sum(cell.error.counts))
        for (_, type_, field), cell in times.cells().items()
    }


EVERYTHING = (
    "{ items { number double bare promised failing failingAtOnce others { double later } } odd { name } }"
)


async def test_the_compiled_executor_counts_what_the_stock_one_does() -> None:
    queries = [EVERYTHING, "{ items(count: 0) { double } a: items { others { double } } }"]
    assert _counts(await _ran(COMPILED, *queries)) == _counts(await _ran(STOCK, *queries))


async def test_a_call_is_counted_once_and_an_operation_once_for_all_its_calls() -> None:
    assert _counts(await _ran(COMPILED, EVERYTHING, "{ odd { name } }", "{ items { double } }")) == {
        "Query.items": (2, 2, 2, 0),
        "Query.odd": (2, 2, 2, 0),
        "Item.double": (2, 9, 9, 0),
        "Item.bare": (1, 3, 3, 0),
        "Item.promised": (1, 3, 3, 0),
        "Item.failing": (1, 3, 0, 3),
        "Item.failingAtOnce": (1, 3, 0, 3),
        "Item.others": (1, 3, 3, 0),
        "Item.later": (1, 3, 3, 0),
        "Odd.name": (2, 2, 2, 0),
    }


@pytest.mark.parametrize("context", [STOCK, COMPILED])
async def test_a_duration_is_from_the_call_to_the_value(context: type[Any]) -> None:
    one = "items(count: 1)"
    times = await _ran(context, f"{{ {one} {{ later failing }} }}", f"{{ {one} {{ double }} }}")
    assert times.cell("shop", "Item", "double").ok.total == 0.25
    assert times.cell("shop", "Item", "failing").error.total == 2.0
    assert times.cell("shop", "Item", "later").ok.total == 2.5  # both were under way


async def test_operations_are_not_counted_where_nobody_says_what_one_is() -> None:
    counts = _counts(await _ran(StrawberryGraphQLCoreExecutionContext, "{ items { double } }"))
    assert counts["Item.double"] == (0, 3, 3, 0)


async def test_a_shadow_run_counts_nothing() -> None:
    shadowed = CompiledExecutionContext.configured(Options(compile_after=0, shadow_rate=1.0))
    queries = [EVERYTHING] * 2
    assert _counts(await _ran(shadowed, *queries)) == _counts(await _ran(STOCK, *queries))


@pytest.mark.parametrize("enabled", [False, True])
async def test_what_is_cancelled_has_failed(enabled: bool) -> None:
    started = asyncio.Event()

    @strawberry.type
    class Waiting:
        @strawberry.field
        async def forever(self) -> int:
            started.set()
            await asyncio.get_running_loop().create_future()
            return 1

    schema = strawberry.Schema(query=Waiting)
    metrics = Metrics(CollectorRegistry())
    time_resolvers(schema._schema, "shop", metrics)
    schema.execution_context_class = CompiledExecutionContext.configured(
        Options(compile_after=0, enabled=enabled)
    )
    task = asyncio.create_task(schema.execute("{ forever }"))
    await started.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert _counts(metrics.resolvers) == {"Waiting.forever": (1, 1, 0, 1)}


async def test_a_sampled_trace_is_an_example_of_its_bucket() -> None:
    registry = CollectorRegistry()
    metrics = Metrics(registry, clock=(clock := Clock()))
    schema = strawberry.Schema(query=Query)
    time_resolvers(schema._schema, "shop", metrics)
    traces = iter([None, "abc", None])
    schema.execution_context_class = CompiledExecutionContext.configured(
        Options(compile_after=1, trace=lambda: next(traces))
    )
    for _ in range(3):
        await schema.execute("{ items(count: 1) { later } }", context_value=clock)
    samples = [s for family in registry.collect() for s in family.samples if s.exemplar]
    told = [(s.labels["le"], s.value, s.exemplar) for s in samples if s.labels["field"] == "later"]
    assert [(le, n, e.labels, e.value) for le, n, e in told if e] == [("0.5", 3, {"trace_id": "abc"}, 0.5)]


async def test_what_never_ran_is_not_told() -> None:
    registry = CollectorRegistry()
    schema = strawberry.Schema(query=Query)
    time_resolvers(schema._schema, "shop", Metrics(registry))
    await schema.execute("{ items(count: 0) { double } }")
    fields = {
        sample.labels["field"]
        for family in registry.collect()
        for sample in family.samples
        if sample.name.startswith("graphql_resolver")
    }
    assert fields == {"items"}


async def test_plain_attributes_are_timed_in_a_sample() -> None:
    clock = Clock()
    schema = strawberry.Schema(query=Query)
    metrics = Metrics(CollectorRegistry(), clock=clock)
    time_resolvers(schema._schema, "shop", metrics)
    draws = iter([0.05, 0.1, 0.9])
    recorder = sampled_attributes("shop", metrics, 0.1, draw=lambda: next(draws))
    schema.execution_context_class = CompiledExecutionContext.configured(
        Options(compile_after=0, recorder=recorder)
    )
    for _ in range(3):
        await schema.execute("{ items { number double } }", context_value=clock)
    assert _counts(metrics.resolvers) == {
        "Query.items": (3, 3, 3, 0),
        "Item.double": (3, 9, 9, 0),
        "Item.number": (1, 3, 3, 0),
    }
    assert sampled_attributes("shop", metrics, 0.0, draw=lambda: 0.0)() is None


async def test_a_schema_tells_the_metrics_it_was_opened_with_last_and_from_nothing() -> None:
    clock = Clock()
    schema = strawberry.Schema(query=Query)
    schema.execution_context_class = CompiledExecutionContext.configured(Options(compile_after=0))
    for executions in (2, 1):
        metrics = Metrics(CollectorRegistry(), clock=clock)
        for _ in range(2):  # opened again with the same, it goes on
            time_resolvers(schema._schema, "shop", metrics)
        for _ in range(executions):
            await schema.execute("{ items(count: 1) { later } }", context_value=clock)
        ran = (executions, executions, executions, 0)
        assert _counts(metrics.resolvers) == {"Query.items": ran, "Item.later": ran}
