"""What is observed of resolvers beside what they measure themselves."""

from __future__ import annotations

import asyncio
import statistics
import time

import strawberry
from prometheus_client import CollectorRegistry

from subgraphs.kit.execution import CompiledExecutionContext, DocumentCache
from subgraphs.kit.telemetry.durations import quantile
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.resolvers import time_resolvers

__all__ = ["deviations"]

_CALLS = 200


@strawberry.type
class Query:
    @strawberry.field
    async def waiting(self, info: strawberry.Info) -> int:
        began = time.perf_counter()
        await asyncio.sleep(0.002)
        info.context["waiting"].append(time.perf_counter() - began)
        return 1

    @strawberry.field
    def working(self, info: strawberry.Info) -> int:
        began = time.perf_counter()
        while time.perf_counter() - began < 0.001:
            pass
        info.context["working"].append(time.perf_counter() - began)
        return 1


async def deviations() -> dict[str, float]:
    """By what is compared, the share by which it is off; of many calls, the median's: the machine may do other things."""
    schema = strawberry.Schema(
        Query, execution_context_class=CompiledExecutionContext, extensions=[DocumentCache]
    )
    metrics = Metrics(CollectorRegistry())
    time_resolvers(schema._schema, "benchmark", metrics)
    own: dict[str, list[float]] = {"waiting": [], "working": []}
    told: dict[str, list[float]] = {"waiting": [], "working": []}
    found: dict[str, float] = {}
    for field, seconds in own.items():
        times = metrics.resolvers.cell("benchmark", "Query", field).ok
        for _ in range(_CALLS):
            before = times.total
            await schema.execute(f"{{ {field} }}", context_value=own)
            told[field].append(times.total - before)
        off = (observed / itself for observed, itself in zip(told[field], seconds, strict=True))
        found[f"{field}: each"] = statistics.median(off) - 1
        found[f"{field}: median by the buckets"] = (quantile(times.counts, 0.5) or 0.0) / statistics.median(
            seconds
        ) - 1
    return found
