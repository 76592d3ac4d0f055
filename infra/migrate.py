"""Bringing the databases of several domains to their newest schema."""

from __future__ import annotations

from collections.abc import Iterable

from infra.servers import Servers
from subgraphs.kit.domain import Domain
from subgraphs.kit.migrations import upgrade

__all__ = ["migrate"]


async def migrate(domains: Iterable[Domain], servers: Servers) -> list[str]:
    """The names of those that were not there yet. One after another: Alembic's context is one a process."""
    return [d.name for d in domains if await upgrade(d.migrations, servers.database_urls[d.name])]
