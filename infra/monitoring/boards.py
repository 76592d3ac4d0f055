"""What is on each dashboard."""

from __future__ import annotations

from typing import Final

from infra.monitoring.panels import Board, Kind, Panel, Query

__all__ = ["BOARDS"]

FAULTS: Final = "INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE|DOWNSTREAM_SERVICE_ERROR|INVALID_SUBGRAPH_RESPONSE|SUBREQUEST_.+"
"""Codes of errors that are ours; the others are the caller's."""


def _rate(metric: str, by: str = "", matchers: str = "") -> str:
    chosen = f"$sel,{matchers}" if matchers else "$sel"
    aggregated = f"sum by ({by}) " if by else "sum "
    return f"{aggregated}(rate({metric}{{{chosen}}}[$__rate_interval]))"


def _ratio(metric: str, by: str, matchers: str) -> str:
    """Those that match, of all."""
    return f"{_rate(metric, by, matchers)} / {_rate(metric, by)}"


def _quantile(q: float, metric: str, by: str = "", matchers: str = "") -> str:
    return f"histogram_quantile({q:g}, {_rate(f'{metric}_bucket', f'le, {by}' if by else 'le', matchers)})"


def _quantiles(metric: str, matchers: str = "") -> list[Query]:
    return [Query(_quantile(q, metric, matchers=matchers), f"p{q * 100:g}") for q in (0.5, 0.95, 0.99)]


def _p95(
    title: str, description: str, metric: str, by: str, legend: str, *, matchers: str = "", width: int = 12
) -> Panel:
    return Panel(title, description, "s", [Query(_quantile(0.95, metric, by, matchers), legend)], width=width)


def _one(
    title: str,
    description: str,
    unit: str,
    expression: str,
    legend: str = "__auto",
    *,
    kind: Kind = "timeseries",
    width: int = 12,
) -> Panel:
    height = 4 if kind == "stat" else 8
    return Panel(title, description, unit, [Query(expression, legend)], kind, width, height)


_HTTP, _OPERATION = "http_server_request_duration_seconds", "graphql_operation_duration_seconds"
_FETCH, _RESOLVER = "gateway_fetch_duration_seconds", "graphql_resolver_duration_seconds"
_DATABASE = "db_client_operation_duration_seconds"
_ERROR = 'outcome="error"'

_ERRORS_BY_CODE = _one(
    "GraphQL errors by code",
    "Answers are HTTP 200 all the same: errors are counted by `extensions.code`.",
    "reqps",
    _rate("graphql_errors_total", "service, code"),
    "{{service}} {{code}}",
)
_CACHE_RATIO = _one(
    "Cache hit ratio",
    "Rows found in Redis, also as known to be missing, of those asked for.",
    "percentunit",
    _ratio("cache_requests_total", "service", 'result=~"hit|negative"'),
    "{{service}}",
)

OVERVIEW = Board(
    "lets-connect-overview",
    "Let's Connect / Overview",
    "Rate, errors and duration of the product, and whether what it stands on is there.",
    [
        _one(
            "Services up",
            "Processes that answer Prometheus.",
            "short",
            "sum(up{$sel})",
            kind="stat",
            width=4,
        ),
        _one(
            "Operations",
            "GraphQL operations a second.",
            "reqps",
            _rate(f"{_OPERATION}_count"),
            kind="stat",
            width=4,
        ),
        _one(
            "Errors that are ours",
            "GraphQL errors with a code that no caller can mend, of all operations.",
            "percentunit",
            f'(sum(rate(graphql_errors_total{{$sel,service="gateway",code=~"{FAULTS}"}}[$__rate_interval])) or vector(0))'
            f" / {_rate(f'{_OPERATION}_count')}",
            kind="stat",
            width=4,
        ),
        _one(
            "p95",
            "Of GraphQL operations at the gateway.",
            "s",
            _quantile(0.95, _OPERATION),
            kind="stat",
            width=4,
        ),
        _one(
            "Databases up",
            "Domains whose database answered when it was asked last.",
            "short",
            "sum(database_up{$sel})",
            kind="stat",
            width=4,
        ),
        _one(
            "Caches up",
            "Domains whose cache answered when it was asked last.",
            "short",
            "sum(cache_up{$sel})",
            kind="stat",
            width=4,
        ),
        _one(
            "Operations by outcome",
            "At the gateway; an operation with any error is `error`.",
            "reqps",
            _rate(f"{_OPERATION}_count", "operation_type, outcome"),
            "{{operation_type}} {{outcome}}",
        ),
        Panel(
            "Duration of operations",
            "At the gateway, from the parsed request to the answer.",
            "s",
            _quantiles(_OPERATION),
        ),
        _one(
            "HTTP requests by status",
            "All doors of all processes.",
            "reqps",
            _rate(f"{_HTTP}_count", "http_response_status_code"),
            "{{http_response_status_code}}",
        ),
        _ERRORS_BY_CODE,
        _p95("Fetches from subgraphs, p95", "As the gateway sees them.", _FETCH, "subgraph", "{{subgraph}}"),
        _p95(
            "Database and Redis, p95",
            "Statements and commands of each domain.",
            _DATABASE,
            "db_system_name, db_namespace",
            "{{db_system_name}} {{db_namespace}}",
        ),
        _CACHE_RATIO,
        _one(
            "CPU",
            "Cores used by each process.",
            "short",
            "sum by (instance) (rate(process_cpu_seconds_total{$sel}[$__rate_interval]))",
            "{{instance}}",
        ),
        _one(
            "Memory",
            "Resident memory of each process.",
            "bytes",
            "sum by (instance) (process_resident_memory_bytes{$sel})",
            "{{instance}}",
        ),
        _one(
            "Uptime",
            "Since each process started.",
            "s",
            "time() - process_start_time_seconds{$sel}",
            "{{instance}}",
        ),
    ],
)

GATEWAY = Board(
    "lets-connect-gateway",
    "Let's Connect / Gateway",
    "What the gateway does of each operation, and how long it waits for subgraphs.",
    [
        _one(
            "Operations by name",
            "The 500 first names of a process; others are `other`.",
            "reqps",
            f"topk(15, {_rate(f'{_OPERATION}_count', 'operation_name')})",
            "{{operation_name}}",
        ),
        _p95(
            "Operations by name, p95",
            "Slowest names first in the legend.",
            _OPERATION,
            "operation_name",
            "{{operation_name}}",
        ),
        _one(
            "Error ratio by operation",
            "Operations answered with any error, of all of that name.",
            "percentunit",
            _ratio(f"{_OPERATION}_count", "operation_name", _ERROR),
            "{{operation_name}}",
        ),
        _ERRORS_BY_CODE,
        _one(
            "Fetches by outcome",
            "`unavailable` got no answer, `errors` one with errors.",
            "reqps",
            _rate(f"{_FETCH}_count", "subgraph, outcome"),
            "{{subgraph}} {{outcome}}",
        ),
        _p95("Fetches, p95", "By subgraph.", _FETCH, "subgraph", "{{subgraph}}"),
        _p95(
            "HTTP to subgraphs, p95",
            "On the wire; absent where everything is one process.",
            "http_client_request_duration_seconds",
            "server_address, http_response_status_code",
            "{{server_address}} {{http_response_status_code}}",
        ),
        _one(
            "Entities in one fetch, mean",
            "How well entity fetches batch.",
            "short",
            f"{_rate('gateway_fetch_representations_sum', 'subgraph')} / {_rate('gateway_fetch_representations_count', 'subgraph')}",
            "{{subgraph}}",
        ),
        _one(
            "Plan cache",
            "A miss is parsed, validated and planned.",
            "reqps",
            _rate("gateway_plan_cache_requests_total", "result"),
            "{{result}}",
        ),
        Panel(
            "New operations",
            "Parsing, validating and planning one.",
            "s",
            _quantiles("gateway_plan_duration_seconds"),
        ),
        _one(
            "Subscriptions",
            "Open now.",
            "short",
            "sum by (instance) (gateway_subscriptions_active{$sel})",
            "{{instance}}",
        ),
        _p95(
            "Event loop, p95",
            "How late the event loop was: above 50 ms something holds it.",
            "event_loop_lag_seconds",
            "instance",
            "{{instance}}",
        ),
    ],
)

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
                    f"topk(20, histogram_quantile(0.95, {_rate(f'{_RESOLVER}_bucket', 'le, service, type, field')}))"
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
                    f"topk(20, {_rate('graphql_resolver_executions_total', 'service, type, field')}"
                    f" / scalar({_rate(f'{_OPERATION}_count')}))"
                )
            ],
            "table",
        ),
        _one(
            "Time spent, by resolver",
            "Seconds of a second spent awaiting each: what to mend first.",
            "short",
            f"topk(15, {_rate(f'{_RESOLVER}_sum', 'service, type, field')})",
            "{{service}} {{type}}.{{field}}",
        ),
        _one(
            "Failing resolvers",
            "Executions that raised.",
            "reqps",
            f"topk(15, {_rate(f'{_RESOLVER}_count', 'service, type, field', _ERROR)} > 0)",
            "{{service}} {{type}}.{{field}}",
        ),
        Panel(
            "Distribution",
            "All resolvers together.",
            "s",
            [Query(_rate(f"{_RESOLVER}_bucket", "le"), "{{le}}")],
            "heatmap",
        ),
        _one(
            "Keys of a loader's batch, mean",
            "Near 1, batching does not work there.",
            "short",
            f"{_rate('dataloader_batch_size_sum', 'service, loader')} / {_rate('dataloader_batch_size_count', 'service, loader')}",
            "{{service}} {{loader}}",
        ),
    ],
)

MEDIA = Board(
    "lets-connect-media",
    "Let's Connect / Media",
    "Pictures on their way in, and the pool that makes their sizes.",
    [
        _one(
            "Uploads by outcome",
            "`degraded` is stored and served, its sizes follow.",
            "reqps",
            _rate("media_uploads_total", "outcome"),
            "{{outcome}}",
        ),
        _one(
            "Refused, by reason",
            "What the pipeline does not take.",
            "reqps",
            _rate("media_rejected_total", "code"),
            "{{code}}",
        ),
        _p95(
            "Stages, p95",
            "`queue` is waiting for a worker.",
            "media_process_duration_seconds",
            "stage",
            "{{stage}}",
        ),
        _one(
            "Bytes",
            "Taken in and made.",
            "Bps",
            _rate("media_bytes_total", "kind"),
            "{{kind}}",
        ),
        _one(
            "Jobs of the image pool",
            "Waiting and in work.",
            "short",
            "sum by (instance, state) (media_pool_jobs{$sel})",
            "{{instance}} {{state}}",
        ),
        _one(
            "Backlog",
            "Pictures that are stored without their sizes.",
            "short",
            "sum by (instance) (media_backlog_pictures{$sel})",
            "{{instance}}",
        ),
    ],
)

DOMAINS = Board(
    "lets-connect-domains",
    "Let's Connect / Domains",
    "Each domain's database, cache, events and processes.",
    [
        _one("Database up", "As of its last use.", "bool", "database_up{$sel}", "{{service}}", kind="stat"),
        _one("Cache up", "As of its last use.", "bool", "cache_up{$sel}", "{{service}}", kind="stat"),
        _one(
            "Statements",
            "By domain and operation.",
            "ops",
            _rate(f"{_DATABASE}_count", "db_namespace, db_operation_name", 'db_system_name="postgresql"'),
            "{{db_namespace}} {{db_operation_name}}",
        ),
        _p95(
            "Statements, p95",
            "By domain.",
            _DATABASE,
            "db_namespace",
            "{{db_namespace}}",
            matchers='db_system_name="postgresql"',
        ),
        _p95(
            "Redis, p95",
            "By domain.",
            _DATABASE,
            "db_namespace",
            "{{db_namespace}}",
            matchers='db_system_name="redis"',
        ),
        _one(
            "Connections",
            "To the database, by state.",
            "short",
            "sum by (db_client_connection_pool_name, db_client_connection_state) (db_client_connection_count{$sel})",
            "{{db_client_connection_pool_name}} {{db_client_connection_state}}",
        ),
        _one(
            "Waiting for a connection",
            "Above 0 for long, the pool is too small or statements too slow.",
            "short",
            "sum by (db_client_connection_pool_name) (db_client_connection_pending_requests{$sel})",
            "{{db_client_connection_pool_name}}",
        ),
        _CACHE_RATIO,
        _one(
            "Circuit breakers",
            "1: the server is not asked, callers learn it at once.",
            "bool",
            "circuit_breaker_open{$sel}",
            "{{service}} {{target}}",
        ),
        _one(
            "Outbox age",
            "The oldest event that is not published yet.",
            "s",
            "outbox_oldest_age_seconds{$sel}",
            "{{service}}",
        ),
        _one(
            "Events",
            "Handled, and set aside after many failures.",
            "ops",
            _rate("events_handled_total", "service, outcome"),
            "{{service}} {{outcome}}",
        ),
        _one(
            "Jobs that failed",
            "Each is started again after 5 seconds.",
            "ops",
            _rate("job_failures_total", "service, name"),
            "{{service}} {{name}}",
        ),
    ],
)

_FAST = f'sum(rate({_OPERATION}_bucket{{$sel,le="0.5"}}[30d]))'

SLO = Board(
    "lets-connect-slo",
    "Let's Connect / SLO",
    "What is promised (99.9 % of operations without a fault of ours, 99 % within half a second), and what is left of it.",
    [
        _one(
            "Availability, 30 days",
            "Operations without an error of ours.",
            "percentunit",
            f'1 - (sum(increase(graphql_errors_total{{$sel,service="gateway",code=~"{FAULTS}"}}[30d])) or vector(0))'
            f" / sum(increase({_OPERATION}_count{{$sel}}[30d]))",
            kind="stat",
            width=6,
        ),
        _one(
            "Within half a second, 30 days",
            "Operations at the gateway.",
            "percentunit",
            f"{_FAST} / sum(rate({_OPERATION}_count{{$sel}}[30d]))",
            kind="stat",
            width=6,
        ),
        Panel(
            "Burn rate, availability",
            "1 spends the error budget in exactly 30 days; alerts are at 14.4, 6, 3 and 1.",
            "short",
            [
                Query(f'job:gateway_faults:ratio_rate{w}{{job=~"$job"}} / 0.001', f"{{{{job}}}} {w}")
                for w in ("5m", "1h", "6h", "3d")
            ],
        ),
        Panel(
            "Burn rate, latency",
            "1 spends the budget of slow operations in exactly 30 days.",
            "short",
            [
                Query(f'job:gateway_slow:ratio_rate{w}{{job=~"$job"}} / 0.01', f"{{{{job}}}} {w}")
                for w in ("5m", "1h", "6h", "3d")
            ],
        ),
    ],
)

BOARDS: Final = (OVERVIEW, GATEWAY, RESOLVERS, MEDIA, DOMAINS, SLO)
