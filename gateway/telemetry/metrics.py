"""The gateway's Prometheus series. Labels are bounded: operation names are counted before they are labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Generic, TypeVar

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

from gateway.telemetry.fetches import FetchEnded, SpanId
from gateway.telemetry.histograms import LightHistogram

__all__ = ["GatewayMetrics"]

# OpenTelemetry's, for http.server.request.duration
_HTTP_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_FINE_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_BATCH_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 250, 500, 1000)
_MOST_NAMES = 500
_MOST_CODES = 200
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


_M = TypeVar("_M", Counter, Histogram)


class _Labelled(Generic[_M]):
    """A metric whose children are kept by their labels: to find one in the metric takes a lock and a tuple of texts."""

    def __init__(self, metric: _M) -> None:
        self.metric: _M = metric
        self._known: dict[tuple[str, ...], _M] = {}

    def labels(self, *values: str) -> _M:
        """The child with these labels, whose values have to be bounded."""
        known = self._known.get(values)
        if known is None:
            known = self._known[values] = self.metric.labels(*values)
        return known


class GatewayMetrics:
    """One set a process; it observes fetches for the executor."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.registry = registry
        self._http()
        self._fetches()
        self._operations()
        self._names: set[str] = set()
        self._codes: set[str] = set()

    def _http(self) -> None:
        method, status = "http_request_method", "http_response_status_code"
        self.http_duration = _Labelled(
            Histogram(
                "http_server_request_duration_seconds",
                "Duration of HTTP requests",
                [method, "http_route", status],
                buckets=_HTTP_BUCKETS,
                registry=self.registry,
            )
        )
        self.http_client_duration = LightHistogram(
            "http_client_request_duration_seconds",
            "Duration of requests to subgraphs over HTTP",
            [method, "server_address", status],
            _HTTP_BUCKETS,
            self.registry,
        )

    def _fetches(self) -> None:
        labels = ["subgraph", "outcome"]
        self.fetch_duration = LightHistogram(
            "gateway_fetch_duration_seconds",
            "Duration of fetches from subgraphs",
            labels,
            _FINE_BUCKETS,
            self.registry,
        )
        self.fetch_representations = LightHistogram(
            "gateway_fetch_representations",
            "Entities asked for in one fetch",
            labels,
            _BATCH_BUCKETS,
            self.registry,
        )

    def _operations(self) -> None:
        self.operation_duration = LightHistogram(
            "graphql_operation_duration_seconds",
            "Duration of GraphQL operations",
            ["operation_name", "operation_type", "outcome"],
            _FINE_BUCKETS,
            self.registry,
        )
        self.errors = self._counter("graphql_errors_total", "GraphQL errors by code", "service", "code")
        self.plan_cache = self._counter(
            "gateway_plan_cache_requests_total", "Operations looked up in the plan cache", "result"
        )
        self.joined = Counter(
            "gateway_operations_joined_total",
            "Operations answered by the run of an equal one",
            registry=self.registry,
        )
        self.plan_duration = Histogram(
            "gateway_plan_duration_seconds",
            "Duration of parsing, validating and planning a new operation",
            buckets=_FINE_BUCKETS,
            registry=self.registry,
        )
        self.subscriptions = Gauge(
            "gateway_subscriptions_active", "Subscriptions under way", registry=self.registry
        )

    def _counter(self, name: str, documentation: str, *labels: str) -> _Labelled[Counter]:
        return _Labelled(Counter(name, documentation, labels, registry=self.registry))

    def code_label(self, code: str) -> str:
        """An error's code as a label: subgraphs may send any; at most 200 different ones a process, then ``other``."""
        if code not in self._codes:
            if len(self._codes) >= _MOST_CODES or not _CODE.fullmatch(code):
                return "other"
            self._codes.add(code)
        return code

    def operation_label(self, name: str | None) -> str:
        """The name as a label: at most 500 different ones a process, then ``other``."""
        if not name:
            return "anonymous"
        if name not in self._names:
            if len(self._names) >= _MOST_NAMES:
                return "other"
            self._names.add(name)
        return name[:100]

    def request_finished(self, host: str, status: str, seconds: float) -> None:
        """A request to a subgraph over HTTP has ended; ``status`` is empty where there was no answer."""
        self.http_client_duration.labels("POST", host, status).observe(seconds)

    def fetch_started(self) -> SpanId:
        """Nothing is counted before a fetch has ended."""
        return 0

    def fetch_ended(self, fetch: FetchEnded) -> None:
        """A fetch has been answered, or will not be."""
        self.fetch_duration.labels(fetch.subgraph, fetch.outcome).observe(fetch.ended - fetch.began)
        if fetch.representations:
            self.fetch_representations.labels(fetch.subgraph, fetch.outcome).observe(fetch.representations)

    def fetches_joined(self, fetches: Sequence[FetchEnded]) -> None:
        """Each is counted once, however many operations it was for; those that joined are counted, too."""
        self.joined.inc()
