"""How the services are, as the gateway finds them and as they say themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import strawberry

from infra.ops.ask import Number
from infra.ops.growth import Key, Total

__all__ = ["Service", "services_of"]


@strawberry.type(description="A service's last minute as the gateway finds it.")
class Service:
    """Times in seconds, within 5 %."""

    name: str
    ready: bool
    reason: str
    """Why it is not ready."""
    rate: float
    """Fetches a second."""
    errors: float
    """The share of fetches without an answer."""
    p50: float | None
    p95: float | None
    p99: float | None
    database: bool | None
    """Whether its last use of the database held; None where it did not say."""
    cache: bool | None
    breakers: list[str]
    """What it does not ask just now."""


def services_of(
    fetches: Mapping[Key, Total], gauges: Sequence[Number], ready: Mapping[str, str], window: float
) -> list[Service]:
    """By name. ``ready`` has a text for each service: why it is not ready, empty where it is."""
    up = {
        (one.name, one.labels["service"]): one.value > 0
        for one in gauges
        if one.name in ("database_up", "cache_up")
    }
    broken: dict[str, list[str]] = {}
    for one in gauges:
        if one.name == "circuit_breaker_open" and one.value:
            broken.setdefault(one.labels["service"], []).append(one.labels["target"])
    names = {*ready, *(key[1] for key in fetches)}
    found = []
    for name in sorted(names):
        total = fetches.get(("fetch", name, ""), Total())
        found.append(
            Service(
                name=name,
                ready=not ready.get(name, ""),
                reason=ready.get(name, ""),
                rate=total.executions / (window or 1.0),
                errors=total.errors / (total.ended() or 1),
                p50=total.quantile(0.5),
                p95=total.quantile(0.95),
                p99=total.quantile(0.99),
                database=up.get(("database_up", name)),
                cache=up.get(("cache_up", name)),
                breakers=sorted(broken.get(name, [])),
            )
        )
    return found
