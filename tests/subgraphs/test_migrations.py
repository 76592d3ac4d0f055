"""What the models say is what the migrations make, in every domain."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from infra.domains import DOMAINS
from infra.subgraphs import load_domain
from subgraphs.kit.database.migrations import upgrade


@pytest.mark.filterwarnings("ignore:Expression .* operator clause")  # Alembic cannot compare those
@pytest.mark.parametrize("name", DOMAINS)
async def test_the_models_are_what_the_migrations_make(name: str, database_url: Callable[[str], str]) -> None:
    domain = load_domain(name)
    await upgrade(domain.migrations, database_url(name))
    assert await upgrade(domain.migrations, database_url(name)) is False

    def differences(connection: Connection) -> list[str]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(d) for d in compare_metadata(context, domain.metadata)]

    engine = create_async_engine(database_url(name), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await engine.dispose()
