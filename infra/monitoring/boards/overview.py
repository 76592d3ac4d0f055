"""Whether all is well, on one page."""

from __future__ import annotations

from infra.monitoring.boards.expressions import (
    CACHE_RATIO,
    DATABASE,
    ERRORS_BY_CODE,
    FAULTS,
    FETCH,
    HTTP,
    OPERATION,
    one,
    p95,
    quantile,
    quantiles,
    rate,
)
from infra.monitoring.panels import Board, Panel

__all__ = ["OVERVIEW"]

OVERVIEW = Board(
    "lets-connect-overview",
    "Let's Connect / Overview",
    "Rate, errors and duration of the product, and whether what it stands on is there.",
    [
        one(
            "Services up",
            "Processes that answer Prometheus.",
            "short",
            "sum(up{$sel})",
            kind="stat",
            width=4,
        ),
        one(
            "Operations",
            "GraphQL operations a second.",
            "reqps",
            rate(f"{OPERATION}_count"),
            kind="stat",
            width=4,
        ),
        one(
            "Errors that are ours",
            "Operations with an error that no caller can mend, of all operations.",
            "percentunit",
            f"{rate(FAULTS)} / {rate(f'{OPERATION}_count')}",
            kind="stat",
            width=4,
        ),
        one(
            "p95",
            "Of GraphQL operations at the gateway.",
            "s",
            quantile(0.95, OPERATION),
            kind="stat",
            width=4,
        ),
        one(
            "Databases up",
            "Domains whose database answered when it was asked last.",
            "short",
            "sum(database_up{$sel})",
            kind="stat",
            width=4,
        ),
        one(
            "Caches up",
            "Domains whose cache answered when it was asked last.",
            "short",
            "sum(cache_up{$sel})",
            kind="stat",
            width=4,
        ),
        one(
            "Operations by outcome",
            "At the gateway; an operation with any error is `error`.",
            "reqps",
            rate(f"{OPERATION}_count", "operation_type, outcome"),
            "{{operation_type}} {{outcome}}",
        ),
        Panel(
            "Duration of operations",
            "At the gateway, from the parsed request to the answer.",
            "s",
            quantiles(OPERATION),
        ),
        one(
            "HTTP requests by status",
            "All doors of all processes.",
            "reqps",
            rate(f"{HTTP}_count", "http_response_status_code"),
            "{{http_response_status_code}}",
        ),
        ERRORS_BY_CODE,
        p95("Fetches from subgraphs, p95", "As the gateway sees them.", FETCH, "subgraph", "{{subgraph}}"),
        p95(
            "Database and Redis, p95",
            "Statements and commands of each domain.",
            DATABASE,
            "db_system_name, db_namespace",
            "{{db_system_name}} {{db_namespace}}",
        ),
        CACHE_RATIO,
        one(
            "CPU",
            "Cores used by each process.",
            "short",
            "sum by (instance) (rate(process_cpu_seconds_total{$sel}[$__rate_interval]))",
            "{{instance}}",
        ),
        one(
            "Memory",
            "Resident memory of each process.",
            "bytes",
            "sum by (instance) (process_resident_memory_bytes{$sel})",
            "{{instance}}",
        ),
        one(
            "Uptime",
            "Since each process started.",
            "s",
            "time() - process_start_time_seconds{$sel}",
            "{{instance}}",
        ),
    ],
)
