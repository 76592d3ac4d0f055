"""The gateway's Prometheus series. Labels are bounded: operation names are counted before they are labels."""

from __future__ import annotations

import re
import time
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics_core import Metric

from gateway.telemetry.fetches import FetchEnded
from gateway.telemetry.histograms import LightHistogram
from gateway.telemetry.later import Later
from gateway.telemetry.tracing.record import OperationTrace

__all__ = ["CANCELLED", "GatewayMetrics", "gravest"]

CANCELLED = "cancelled"
"""How an operation ended whose client did not wait."""

# OpenTelemetry's, for http.server.request.duration
_HTTP_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_FINE_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_BATCH_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 250, 500, 1000)
_MOST_NAMES = 500
_MOST_CODES = 200
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_FAULT = re.compile(
    "INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE|OVERLOADED|DOWNSTREAM_SERVICE_ERROR|INVALID_SUBGRAPH_RESPONSE"
    "|SUBREQUEST_.+"
)
"""Codes of what no caller can mend."""


def gravest(codes: Sequence[str]) -> str:
    """Of an answer's errors the first that is a fault of ours, or else the first; empty where there is none."""
    return next(filter(_FAULT.fullmatch, codes), codes[0] if codes else "")


class _CaughtUp(Counter):
    """A counter that is caught up with before it is read."""

    before: Callable[[], None] | None = None

    def collect(self) -> Iterable[Metric]:
        """What Prometheus is told."""
        if self.before is not None:
            self.before()
        return super().collect()


class _Counters:
    """A counter whose children are kept by their labels: to find one in the metric takes a lock and a tuple of texts."""

    def __init__(
        self, name: str, documentation: str, labels: Sequence[str], registry: CollectorRegistry
    ) -> None:
        self.metric = _CaughtUp(name, documentation, labels, registry=registry)
        self._known: dict[tuple[str, ...], Counter] = {}
        self._later = Later(self._count)
        self.metric.before = self._later.catch_up

    def add(self, *values: str) -> None:
        """One more with these labels: counted with others, or when somebody reads."""
        self._later.add(values)

    def _count(self, some: Sequence[tuple[str, ...]]) -> None:
        for values, times in Tally(some).items():
            (self.labels(*values) if values else self.metric).inc(times)

    def labels(self, *values: str) -> Counter:
        """The child with these labels, whose values have to be bounded."""
        known = self._known.get(values)
        if known is None:
            known = self._known[values] = self.metric.labels(*values)
        return known


class GatewayMetrics:
    """One set a process."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.registry = registry
        self._own = Later(self._count_fetches)
        self._over = Later(self._count)
        self._requests = Later(self._count_requests)
        self._http()
        self._fetches()
        self._operations()
        self._names: set[str] = set()
        self._codes: set[str] = set()

    def _http(self) -> None:
        method, status = "http_request_method", "http_response_status_code"
        self.http_duration = LightHistogram(
            "http_server_request_duration_seconds",
            "Duration of HTTP requests",
            [method, "http_route", status],
            _HTTP_BUCKETS,
            self.registry,
        )
        self.http_client_duration = LightHistogram(
            "http_client_request_duration_seconds",
            "Duration of requests to subgraphs over HTTP",
            [method, "server_address", status],
            _HTTP_BUCKETS,
            self.registry,
            self._requests.catch_up,
        )

    def _fetches(self) -> None:
        labels = ["subgraph", "outcome"]
        self.fetch_duration = LightHistogram(
            "gateway_fetch_duration_seconds",
            "Duration of fetches from subgraphs",
            labels,
            _FINE_BUCKETS,
            self.registry,
            self._own.catch_up,
        )
        self.fetch_representations = LightHistogram(
            "gateway_fetch_representations",
            "Entities asked for in one fetch",
            labels,
            _BATCH_BUCKETS,
            self.registry,
            self._own.catch_up,
        )

    def _operations(self) -> None:
        self.operation_duration = LightHistogram(
            "graphql_operation_duration_seconds",
            "Duration of GraphQL operations",
            ["operation_name", "operation_type", "outcome"],
            _FINE_BUCKETS,
            self.registry,
            self._over.catch_up,
        )
        self.errors = self._counter("graphql_errors_total", "GraphQL errors by code", "service", "code")
        self.faults = Counter(
            "graphql_operation_faults_total",
            "Operations with an error that no caller can mend",
            registry=self.registry,
        )
        self.plan_cache = self._counter(
            "gateway_plan_cache_requests_total", "Operations looked up in the plan cache", "result"
        )
        self.joined = self._counter(
            "gateway_operations_joined_total", "Operations answered by the run of an equal one"
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

    def _counter(self, name: str, documentation: str, *labels: str) -> _Counters:
        return _Counters(name, documentation, labels, self.registry)

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

    def failed(self, code: str) -> None:
        """An operation is over whose gravest error has this code."""
        if _FAULT.fullmatch(code):
            self.faults.inc()

    def request_finished(self, host: str, status: str, seconds: float) -> None:
        """A request to a subgraph over HTTP has ended; ``status`` is empty where there was no answer."""
        self._requests.add((host, status, seconds))

    def _count_requests(self, some: Sequence[tuple[str, str, float]]) -> None:
        durations: dict[tuple[str, ...], list[float]] = defaultdict(list)
        for host, status, seconds in some:
            durations["POST", host, status].append(seconds)
        self.http_client_duration.count(durations)

    def ended(self, record: OperationTrace) -> None:
        """A query or a mutation is over, as its record has it: counted with others, or when somebody reads."""
        self.fetched(record)
        self._over.add(record)
        if record.federated is not None:
            self._over.catch_up()  # what subgraphs told of their fields is large

    def fetched(self, record: OperationTrace) -> None:
        """What was fetched for an operation or an event, whose record may go on: once, however many it was for; who joins
        is counted, too."""
        if record.joined:
            self.joined.add()
        if own := record.own_fetches:
            self.fetches_ended(own)

    def fetches_ended(self, own: Sequence[FetchEnded]) -> None:
        """Those of one operation, or of a run that nobody waited for until its end."""
        self._own.add(tuple(own))

    def _count_fetches(self, some: Sequence[Sequence[FetchEnded]]) -> None:
        durations: dict[tuple[str, ...], list[float]] = defaultdict(list)
        representations: dict[tuple[str, ...], list[float]] = defaultdict(list)
        for own in some:
            for fetch in own:
                labels = fetch.subgraph, fetch.outcome
                durations[labels].append(fetch.ended - fetch.began)
                if fetch.representations:
                    representations[labels].append(fetch.representations)
        self.fetch_duration.count(durations)
        self.fetch_representations.count(representations)

    def _count(self, over: Sequence[OperationTrace]) -> None:
        epoch = time.time() - time.perf_counter()
        for record in over:
            outcome = record.error and (record.error if record.error == CANCELLED else "error")
            if outcome:
                self.failed(record.error)
            labels = self.operation_label(record.name), record.kind, outcome or "ok"
            trace, ended = record.trace, record.ended
            shown = trace.trace_id if trace.kept else ""
            self.operation_duration.labels(*labels).observe(ended - record.executed, shown, ended + epoch)
