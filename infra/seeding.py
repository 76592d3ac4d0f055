"""Filling the domains with the demo's data, or a large set to measure with."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable

from infra.servers import Servers
from infra.settings import Settings
from infra.subgraphs import domain_settings
from subgraphs.kit.domain.declaration import Domain
from subgraphs.kit.domain.resources import open_resources
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["seed"]


async def seed(
    domains: Iterable[Domain], settings: Settings, servers: Servers, metrics: Metrics, size: str
) -> AsyncIterator[tuple[str, float]]:
    """Seed one domain after another; yields each name and the seconds it took.

    What a seed tells other domains waits in the outbox until a service that runs publishes it.
    """
    for domain in domains:
        began = time.monotonic()
        own = domain_settings(settings, servers, domain.name)
        async with open_resources(domain.name, own, domain.tables, metrics) as resources:
            await domain.seed(resources, size)
        yield domain.name, time.monotonic() - began
