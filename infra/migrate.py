"""Bringing the databases of several domains to their newest schema, and telling whether they are there."""

from __future__ import annotations

from collections.abc import Iterable

from infra.errors import Away, CommandError
from infra.servers import Servers
from subgraphs.kit.database.migrations import MigrationFailed, SchemaState, schema_state, upgrade
from subgraphs.kit.domain.declaration import Domain

__all__ = ["check_migrated", "migrate"]


async def migrate(domains: Iterable[Domain], servers: Servers) -> list[str]:
    """The names of those that were not there yet. One after another: Alembic's context is one a process.

    Raises CommandError: what failed, where that leaves the database, and how to go on.
    """
    changed = []
    for domain in domains:
        try:
            if await upgrade(domain.migrations, servers.database_urls[domain.name]):
                changed.append(domain.name)
        except MigrationFailed as failed:
            raise CommandError(
                f"{domain.name} could not be migrated to {failed.wanted}: {failed}. Nothing of it was kept: its "
                f"database is at {failed.at or 'nothing'} as before, and the version that runs goes on serving. "
                f"Put right what is said, then run lets-connect migrate {domain.name} again; domains before it "
                "are migrated and are not touched again"
            ) from failed
    return changed


async def check_migrated(domain: Domain, servers: Servers) -> None:
    """Raise Away where the database is behind this version; one that is ahead of it will do."""
    state, at, wanted = await schema_state(domain.migrations, servers.database_urls[domain.name])
    if state is SchemaState.BEHIND:
        raise Away(
            f"the database of {domain.name} is at {at or 'nothing'}, and this version needs {wanted}: "
            f"lets-connect migrate {domain.name}"
        )
