"""What of the alerting rules holds at this moment, as far as the product can judge by itself.

Names and thresholds are those of ``infra/monitoring/prometheus/rules/alerts.yml``. Prometheus waits until a thing has lasted;
here it is told at once, and with a window of a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import strawberry

from infra.ops.ask import Number
from infra.ops.health import Service

__all__ = ["RULES", "Alert", "judged"]

_CRITICAL: Final = "critical"
_WARNING: Final = "warning"

_Above = Callable[[float], bool]
_GAUGES: Final[dict[str, tuple[str, str, _Above, str]]] = {
    "database_up": ("DatabaseDown", _CRITICAL, lambda v: v == 0, "{} cannot reach its database"),
    "cache_up": ("CacheDown", _WARNING, lambda v: v == 0, "{} cannot reach its cache"),
    "circuit_breaker_open": ("CircuitBreakerOpen", _WARNING, lambda v: v == 1, "{} does not ask its {}"),
    "db_client_connection_pending_requests": (
        "DatabasePoolExhausted",
        _WARNING,
        lambda v: v > 0,
        "Requests of {} wait for a connection",
    ),
    "outbox_oldest_age_seconds": (
        "OutboxStuck",
        _WARNING,
        lambda v: v > 60,
        "Events of {} are not published",
    ),
}
_PICTURES: Final = 16


@strawberry.type(description="An alerting rule whose condition holds just now.")
class Alert:
    """``name`` is its runbook's, too."""

    name: str
    severity: str
    summary: str


RULES: Final = frozenset(
    {rule[0] for rule in _GAUGES.values()}
    | {"ServiceDown", "SubgraphFailing", "MediaPoolBacklog", "EventsSetAside", "JobFailing", "SlowResolver"}
)
"""Those that can be judged here."""


def judged(
    services: Sequence[Service],
    gauges: Sequence[Number],
    counts: Sequence[Number],
    slow: Sequence[str],
) -> list[Alert]:
    """The worst first. ``slow`` are resolvers by name."""
    found = [*_of_services(services), *_of_gauges(gauges), *_of_counts(counts), *_of_slow(slow)]
    return sorted(found, key=lambda one: (one.severity, one.name, one.summary))


def _of_services(services: Sequence[Service]) -> Iterator[Alert]:
    for one in services:
        if not one.ready:
            yield Alert(name="ServiceDown", severity=_CRITICAL, summary=f"{one.name}: {one.reason}")
        if one.errors > 0.05:
            told = f"The gateway gets no answer from {one.name} to {one.errors:.0%} of its fetches"
            yield Alert(name="SubgraphFailing", severity=_CRITICAL, summary=told)


def _of_gauges(gauges: Sequence[Number]) -> Iterator[Alert]:
    for one in gauges:
        rule = _GAUGES.get(one.name)
        if rule is not None and rule[2](one.value):
            yield Alert(name=rule[0], severity=rule[1], summary=rule[3].format(*one.labels.values()))
        elif one.name == "media_pool_jobs" and one.labels["state"] == "queued" and one.value > _PICTURES:
            told = f"{one.value:.0f} pictures wait for the image pool"
            yield Alert(name="MediaPoolBacklog", severity=_WARNING, summary=told)


def _of_counts(counts: Sequence[Number]) -> Iterator[Alert]:
    for one in counts:
        if one.name == "events_handled_total" and one.labels["outcome"] == "set_aside":
            told = f"{one.labels['service']} set an event aside"
            yield Alert(name="EventsSetAside", severity=_WARNING, summary=told)
        if one.name == "job_failures_total" and one.value > 3:
            told = f"The job {one.labels['name']} of {one.labels['service']} keeps failing"
            yield Alert(name="JobFailing", severity=_WARNING, summary=told)


def _of_slow(slow: Sequence[str]) -> Iterator[Alert]:
    for name in slow:
        yield Alert(name="SlowResolver", severity=_WARNING, summary=f"{name} is slow")
