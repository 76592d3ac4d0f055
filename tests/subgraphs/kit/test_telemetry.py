"""Resolvers are timed once by either executor."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import strawberry
from prometheus_client import CollectorRegistry
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from subgraphs.kit.execution import CompiledExecutionContext, Options
from subgraphs.kit.metrics import Metrics
from subgraphs.kit.telemetry import time_resolvers


@strawberry.type
class Item:
    number: int

    @strawberry.field
    def double(self) -> int:
        return self.number * 2

    @strawberry.field
    async def later(self, info: strawberry.Info, times: int = 3) -> int:
        await asyncio.sleep(0)
        return self.number * times

    @strawberry.field
    async def bare(self) -> int:
        await asyncio.sleep(0)
        return self.number

    @strawberry.field
    async def failing(self) -> int | None:
        raise ValueError("no")

    @strawberry.field
    def failing_at_once(self) -> int | None:
        raise ValueError("no")


@strawberry.type
class Query:
    @strawberry.field
    def items(self) -> list[Item]:
        return [Item(number=n) for n in range(3)]


def _counts(registry: CollectorRegistry) -> dict[tuple[str, ...], float]:
    return {
        (sample.name.removeprefix("graphql_resolver_"), *sorted(sample.labels.values())): sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name.endswith(("_executions_total", "_seconds_count"))
        and sample.name.startswith("graphql_resolver")
    }


async def _ran(context: type[Any], times: int = 1) -> dict[tuple[str, ...], float]:
    registry = CollectorRegistry()
    schema = strawberry.Schema(query=Query)
    time_resolvers(schema._schema, "shop", Metrics(registry))
    schema.execution_context_class = context
    for _ in range(times):
        await schema.execute("{ items { number double later bare failing failingAtOnce } }")
    return _counts(registry)


async def test_the_compiled_executor_counts_what_the_stock_one_does() -> None:
    stock = await _ran(StrawberryGraphQLCoreExecutionContext)
    assert stock[("executions_total", "Item", "later", "shop")] == 3
    assert stock[("duration_seconds_count", "Item", "error", "failing", "shop")] == 3
    assert stock == await _ran(CompiledExecutionContext.configured(Options(compile_after=0)))


async def test_a_shadow_run_counts_nothing() -> None:
    options = Options(compile_after=0, shadow_rate=1.0)
    assert await _ran(CompiledExecutionContext.configured(options), times=2) == await _ran(
        StrawberryGraphQLCoreExecutionContext, times=2
    )


@pytest.mark.parametrize(("seconds", "bucket"), [(0.0001, "0.0001"), (0.0002, "0.00025"), (9.0, "+Inf")])
def test_a_duration_is_counted_in_the_first_bucket_that_holds_it(seconds: float, bucket: str) -> None:
    registry = CollectorRegistry()
    cell = Metrics(registry).resolvers.cell("shop", "Item", "price")
    cell.executions += 1
    cell.ok.observe(seconds)
    labels = {"service": "shop", "type": "Item", "field": "price", "outcome": "ok"}
    name = "graphql_resolver_duration_seconds"
    filled = [
        sample.labels["le"]
        for family in registry.collect()
        for sample in family.samples
        if sample.name == f"{name}_bucket" and sample.value
    ]
    assert filled[0] == bucket
    assert registry.get_sample_value(f"{name}_sum", labels) == seconds
    assert registry.get_sample_value(f"{name}_count", labels) == 1
    assert (
        registry.get_sample_value(
            "graphql_resolver_executions_total", {k: labels[k] for k in ("service", "type", "field")}
        )
        == 1
    )
