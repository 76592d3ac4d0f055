"""How the services are, as the gateway finds them and as they say themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import strawberry

from infra.ops.ask import Number, ResolverRow

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
    fetches: Mapping[str, ResolverRow], gauges: Sequence[Number], ready: Mapping[str, str]
) -> list[Service]:
    """By name. ``fetches``: the gateways', by service. ``ready`` has a text for each service: why it is not ready, empty where it is."""
    up = {
        (one.name, one.labels["service"]): one.value > 0
        for one in gauges
        if one.name in ("database_up", "cache_up")
    }
    broken: dict[str, list[str]] = {}
    for one in gauges:
        if one.name == "circuit_breaker_open" and one.value:
            broken.setdefault(one.labels["service"], []).append(one.labels["target"])
    found = []
    for name in sorted({*ready, *fetches}):
        fetched = fetches.get(name)
        found.append(
            Service(
                name=name,
                ready=not ready.get(name, ""),
                reason=ready.get(name, ""),
                rate=fetched.rate if fetched else 0.0,
                errors=fetched.errors if fetched else 0.0,
                p50=fetched.p50 if fetched else None,
                p95=fetched.p95 if fetched else None,
                p99=fetched.p99 if fetched else None,
                database=up.get(("database_up", name)),
                cache=up.get(("cache_up", name)),
                breakers=sorted(broken.get(name, [])),
            )
        )
    return found
