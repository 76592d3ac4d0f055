"""The gateway: operations, plans and fetches."""

from __future__ import annotations

from infra.monitoring.boards.expressions import (
    ERROR,
    ERRORS_BY_CODE,
    FETCH,
    OPERATION,
    one,
    p95,
    quantiles,
    rate,
    ratio,
)
from infra.monitoring.panels import Board, Panel

__all__ = ["GATEWAY"]

GATEWAY = Board(
    "lets-connect-gateway",
    "Let's Connect / Gateway",
    "What the gateway does of each operation, and how long it waits for subgraphs.",
    [
        one(
            "Operations by name",
            "The 500 first names of a process; others are `other`.",
            "reqps",
            f"topk(15, {rate(f'{OPERATION}_count', 'operation_name')})",
            "{{operation_name}}",
        ),
        p95(
            "Operations by name, p95",
            "Slowest names first in the legend.",
            OPERATION,
            "operation_name",
            "{{operation_name}}",
        ),
        one(
            "Error ratio by operation",
            "Operations answered with any error, of all of that name.",
            "percentunit",
            ratio(f"{OPERATION}_count", "operation_name", ERROR),
            "{{operation_name}}",
        ),
        ERRORS_BY_CODE,
        one(
            "Fetches by outcome",
            "`unavailable` got no answer, `errors` one with errors.",
            "reqps",
            rate(f"{FETCH}_count", "subgraph, outcome"),
            "{{subgraph}} {{outcome}}",
        ),
        p95("Fetches, p95", "By subgraph.", FETCH, "subgraph", "{{subgraph}}"),
        p95(
            "HTTP to subgraphs, p95",
            "On the wire; absent where everything is one process.",
            "http_client_request_duration_seconds",
            "server_address, http_response_status_code",
            "{{server_address}} {{http_response_status_code}}",
        ),
        one(
            "Entities in one fetch, mean",
            "How well entity fetches batch.",
            "short",
            f"{rate('gateway_fetch_representations_sum', 'subgraph')} / {rate('gateway_fetch_representations_count', 'subgraph')}",
            "{{subgraph}}",
        ),
        one(
            "Plan cache",
            "A miss is parsed, validated and planned.",
            "reqps",
            rate("gateway_plan_cache_requests_total", "result"),
            "{{result}}",
        ),
        Panel(
            "New operations",
            "Parsing, validating and planning one.",
            "s",
            quantiles("gateway_plan_duration_seconds"),
        ),
        one(
            "Subscriptions",
            "Open now.",
            "short",
            "sum by (instance) (gateway_subscriptions_active{$sel})",
            "{{instance}}",
        ),
        p95(
            "Event loop, p95",
            "How late the event loop was: above 50 ms something holds it.",
            "event_loop_lag_seconds",
            "instance",
            "{{instance}}",
        ),
    ],
)
