"""The subgraphs' Prometheus series: one set a process, labelled by service.

Names and labels are the contract's; labels are bounded by the schema, never by what a client sends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge

from subgraphs.kit.telemetry.light import LightCounter, LightHistogram, Sizes
from subgraphs.kit.telemetry.resolver_times import ResolverTimes
from subgraphs.kit.telemetry.vitals import Vitals

__all__ = ["Metrics"]

T = TypeVar("T")

_DATABASE_BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10)  # OpenTelemetry's, for databases
_HTTP_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_BATCH_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 250, 500, 1000)


class _Series(Protocol):
    def observe(self, value: float, /) -> None: ...


class HttpDurations(Protocol):
    """A histogram by method, route and status."""

    def labels(self, *values: str) -> _Series:
        """The series of these."""
        ...


class _Silent:
    """Stands for a metric that nobody wants."""

    def labels(self, *_: str) -> _Silent:
        return self

    def observe(self, _: float) -> None:
        """Nothing."""

    append = observe

    @property
    def latest(self) -> _Silent:
        return self

    def settle(self) -> None:
        """Nothing."""

    def inc(self, _: float = 1) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Metrics:
    """Made once by the composition root; ``errors`` and ``http`` may be those the gateway made already."""

    registry: CollectorRegistry = REGISTRY
    errors: Counter | None = None
    http: HttpDurations | None = None
    clock: Callable[[], float] = time.perf_counter
    """What resolvers are timed by."""
    measuring: bool = True
    """False: nothing of a request is counted or timed; what stands still is told all the same."""
    graphql_errors: Counter = field(init=False)
    http_duration: HttpDurations = field(init=False)
    resolvers: ResolverTimes = field(init=False)
    database_duration: LightHistogram = field(init=False)
    batch_size: LightHistogram = field(init=False)
    cache_requests: LightCounter = field(init=False)
    events_handled: Counter = field(init=False)
    job_failures: Counter = field(init=False)
    messages_dropped: Counter = field(init=False)
    vitals: Vitals = field(init=False)
    database_up: Gauge = field(init=False)
    cache_up: Gauge = field(init=False)
    outbox_pending: Gauge = field(init=False)

    _shared: dict[str, Any] = field(init=False, default_factory=dict)
    _batches: dict[tuple[str, str], Callable[[float], None]] = field(init=False, default_factory=dict)

    def shared(self, name: str, make: Callable[[CollectorRegistry], T]) -> T:
        """A domain's own series: made the first time they are asked for, the same ones afterwards."""
        if name not in self._shared:
            self._shared[name] = make(self.registry)
        found: T = self._shared[name]
        return found

    def batches(self, service: str, loader: str) -> Callable[[float], None]:
        """What is told how many keys a loader's batches have."""
        observe = self._batches.get((service, loader))
        if observe is None:
            observe = self._batches[service, loader] = self.batch_size.labels(service, loader).observe
        return observe

    def redis_commands(self, service: str) -> Callable[[str], Sizes]:
        """By a command's name, of a bounded set: what is told the seconds of each."""
        return lambda command: self.database_duration.labels("redis", service, command)

    def __post_init__(self) -> None:
        for name, metric in {**self._of_requests(), **self._of_services()}.items():
            object.__setattr__(self, name, metric)

    def _of_requests(self) -> Mapping[str, Any]:
        registry = self.registry
        made = {
            "http_duration": self.http
            or LightHistogram(
                "http_server_request_duration_seconds",
                "Duration of HTTP requests",
                ["http_request_method", "http_route", "http_response_status_code"],
                _HTTP_BUCKETS,
                registry,
            ),
            "database_duration": LightHistogram(
                "db_client_operation_duration_seconds",
                "Duration of database statements",
                ["db_system_name", "db_namespace", "db_operation_name"],
                _DATABASE_BUCKETS,
                registry,
            ),
            "batch_size": LightHistogram(
                "dataloader_batch_size",
                "Keys in one batch of a loader",
                ["service", "loader"],
                _BATCH_BUCKETS,
                registry,
            ),
            "cache_requests": LightCounter(
                "cache_requests_total",
                "Keys asked of the cache, by what came of it",
                ["service", "cache", "result"],
                registry,
            ),
        }
        return made if self.measuring else dict.fromkeys(made, _Silent())

    def _of_services(self) -> Mapping[str, Any]:
        def counter(name: str, told: str, *by: str) -> Counter:
            return Counter(name, told, ["service", *by], registry=self.registry)

        def gauge(name: str, told: str) -> Gauge:
            return Gauge(name, told, ["service"], registry=self.registry)

        return {
            "graphql_errors": self.errors
            or counter("graphql_errors_total", "GraphQL errors by code", "code"),
            "resolvers": ResolverTimes(self.registry, self.clock),
            "database_up": gauge("database_up", "Whether the last use of the database held"),
            "cache_up": gauge("cache_up", "Whether the last use of the cache held"),
            "events_handled": counter(
                "events_handled_total", "Other domains' events, by what came of them", "outcome"
            ),
            "job_failures": counter("job_failures_total", "Jobs that raised, and were started again", "name"),
            "messages_dropped": counter(
                "live_messages_dropped_total", "Live messages that a slow subscription lost"
            ),
            "vitals": Vitals(self.registry),
            "outbox_pending": gauge("outbox_pending_events", "Events not yet published"),
        }
