"""Each domain: database, cache, events."""

from __future__ import annotations

from infra.monitoring.boards.expressions import CACHE_RATIO, DATABASE, one, p95, rate
from infra.monitoring.panels import Board

__all__ = ["DOMAINS"]

DOMAINS = Board(
    "lets-connect-domains",
    "Let's Connect / Domains",
    "Each domain's database, cache, events and processes.",
    [
        one("Database up", "As of its last use.", "bool", "database_up{$sel}", "{{service}}", kind="stat"),
        one("Cache up", "As of its last use.", "bool", "cache_up{$sel}", "{{service}}", kind="stat"),
        one(
            "Statements",
            "By domain and operation.",
            "ops",
            rate(f"{DATABASE}_count", "db_namespace, db_operation_name", 'db_system_name="postgresql"'),
            "{{db_namespace}} {{db_operation_name}}",
        ),
        p95(
            "Statements, p95",
            "By domain.",
            DATABASE,
            "db_namespace",
            "{{db_namespace}}",
            matchers='db_system_name="postgresql"',
        ),
        p95(
            "Redis, p95",
            "By domain.",
            DATABASE,
            "db_namespace",
            "{{db_namespace}}",
            matchers='db_system_name="redis"',
        ),
        one(
            "Connections",
            "To the database, by state.",
            "short",
            "sum by (db_client_connection_pool_name, db_client_connection_state) (db_client_connections{$sel})",
            "{{db_client_connection_pool_name}} {{db_client_connection_state}}",
        ),
        one(
            "Waiting for a connection",
            "Above 0 for long, the pool is too small or statements too slow.",
            "short",
            "sum by (db_client_connection_pool_name) (db_client_connection_pending_requests{$sel})",
            "{{db_client_connection_pool_name}}",
        ),
        CACHE_RATIO,
        one(
            "Circuit breakers",
            "1: the server is not asked, callers learn it at once.",
            "bool",
            "circuit_breaker_open{$sel}",
            "{{service}} {{target}}",
        ),
        one(
            "Outbox age",
            "The oldest event that is not published yet.",
            "s",
            "outbox_oldest_age_seconds{$sel}",
            "{{service}}",
        ),
        one(
            "Events",
            "Handled, and set aside after many failures.",
            "ops",
            rate("events_handled_total", "service, outcome"),
            "{{service}} {{outcome}}",
        ),
        one(
            "Jobs that failed",
            "Each is started again after 5 seconds.",
            "ops",
            rate("job_failures_total", "service, name"),
            "{{service}} {{name}}",
        ),
    ],
)
