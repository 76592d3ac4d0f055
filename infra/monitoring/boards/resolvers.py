"""Latency per resolver."""

from __future__ import annotations

from infra.monitoring.boards.expressions import ERROR, OPERATION, RESOLVER, one, rate
from infra.monitoring.panels import Board, Panel, Query

__all__ = ["RESOLVERS"]

RESOLVERS = Board(
    "lets-connect-resolvers",
    "Let's Connect / Resolvers",
    "Every explicit resolver of every subgraph.",
    [
        Panel(
            "Slowest resolvers",
            "p95 of those that ran.",
            "s",
            [
                Query(
                    f"topk(20, histogram_quantile(0.95, {rate(f'{RESOLVER}_bucket', 'le, service, type, field')}))"
                )
            ],
            "table",
        ),
        Panel(
            "Executions of one operation",
            "Executions of a resolver for each operation at the gateway: far above 1, it is asked in lists.",
            "short",
            [
                Query(
                    f"topk(20, {rate('graphql_resolver_executions_total', 'service, type, field')}"
                    f" / scalar({rate(f'{OPERATION}_count')}))"
                )
            ],
            "table",
        ),
        one(
            "Time spent, by resolver",
            "Seconds of a second spent awaiting each: what to mend first.",
            "short",
            f"topk(15, {rate(f'{RESOLVER}_sum', 'service, type, field')})",
            "{{service}} {{type}}.{{field}}",
        ),
        one(
            "Failing resolvers",
            "Executions that raised.",
            "reqps",
            f"topk(15, {rate(f'{RESOLVER}_count', 'service, type, field', ERROR)} > 0)",
            "{{service}} {{type}}.{{field}}",
        ),
        Panel(
            "Distribution",
            "All resolvers together.",
            "s",
            [Query(rate(f"{RESOLVER}_bucket", "le"), "{{le}}")],
            "heatmap",
        ),
        one(
            "Keys of a loader's batch, mean",
            "Near 1, batching does not work there.",
            "short",
            f"{rate('dataloader_batch_size_sum', 'service, loader')} / {rate('dataloader_batch_size_count', 'service, loader')}",
            "{{service}} {{loader}}",
        ),
    ],
)
