"""What dashboards ask: rates, ratios and quantiles of metrics, and the panels that several of them show."""

from __future__ import annotations

from typing import Final

from infra.monitoring.panels import Kind, Panel, Query

__all__ = [
    "CACHE_RATIO",
    "DATABASE",
    "ERROR",
    "ERRORS_BY_CODE",
    "FAULTS",
    "FETCH",
    "HTTP",
    "OPERATION",
    "RESOLVER",
    "one",
    "p95",
    "quantile",
    "quantiles",
    "rate",
    "ratio",
]

FAULTS: Final = "graphql_operation_faults_total"
"""Operations with an error that is ours; others are the caller's."""


def rate(metric: str, by: str = "", matchers: str = "") -> str:
    """A counter's increase a second, of what the dashboard's variables select."""
    chosen = f"$sel,{matchers}" if matchers else "$sel"
    aggregated = f"sum by ({by}) " if by else "sum "
    return f"{aggregated}(rate({metric}{{{chosen}}}[$__rate_interval]))"


def ratio(metric: str, by: str, matchers: str) -> str:
    """Those that match, of all."""
    return f"{rate(metric, by, matchers)} / {rate(metric, by)}"


def quantile(q: float, metric: str, by: str = "", matchers: str = "") -> str:
    """Of a histogram; ``q`` is a share."""
    return f"histogram_quantile({q:g}, {rate(f'{metric}_bucket', f'le, {by}' if by else 'le', matchers)})"


def quantiles(metric: str, matchers: str = "") -> list[Query]:
    """The median, the 95th and the 99th percentile."""
    return [Query(quantile(q, metric, matchers=matchers), f"p{q * 100:g}") for q in (0.5, 0.95, 0.99)]


def p95(
    title: str, description: str, metric: str, by: str, legend: str, *, matchers: str = "", width: int = 12
) -> Panel:
    """The 95th percentile in seconds, a line for each of ``by``."""
    return Panel(title, description, "s", [Query(quantile(0.95, metric, by, matchers), legend)], width=width)


def one(
    title: str,
    description: str,
    unit: str,
    expression: str,
    legend: str = "__auto",
    *,
    kind: Kind = "timeseries",
    width: int = 12,
) -> Panel:
    """A panel that asks one thing."""
    height = 4 if kind == "stat" else 8
    return Panel(title, description, unit, [Query(expression, legend)], kind, width, height)


HTTP, OPERATION = "http_server_request_duration_seconds", "graphql_operation_duration_seconds"
FETCH, RESOLVER = "gateway_fetch_duration_seconds", "graphql_resolver_duration_seconds"
DATABASE = "db_client_operation_duration_seconds"
ERROR = 'outcome="error"'

ERRORS_BY_CODE = one(
    "GraphQL errors by code",
    "Answers are HTTP 200 all the same: errors are counted by `extensions.code`.",
    "reqps",
    rate("graphql_errors_total", "service, code"),
    "{{service}} {{code}}",
)
CACHE_RATIO = one(
    "Cache hit ratio",
    "Rows found in Redis, also as known to be missing, of those asked for.",
    "percentunit",
    ratio("cache_requests_total", "service", 'result=~"hit|negative"'),
    "{{service}}",
)
