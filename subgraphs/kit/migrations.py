"""Alembic per domain, run from code: no ini file, and the embedded database needs no other tool."""

from __future__ import annotations

from importlib import resources
from typing import Any

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from subgraphs.kit.models import SharedTables

__all__ = ["create_shared_tables", "run_environment", "upgrade"]


async def upgrade(package: str, database_url: str) -> bool:
    """Bring a domain's database to its newest revision; False where it was there already."""
    config = Config()
    config.set_main_option("script_location", str(resources.files(package)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    head = ScriptDirectory.from_config(config).get_current_head()
    engine = create_async_engine(database_url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_upgrade, config, head)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, config: Config, head: str | None) -> bool:
    if MigrationContext.configure(connection).get_current_revision() == head:
        return False
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True


def run_environment(metadata: MetaData) -> None:
    """The whole of a domain's ``env.py``."""
    connection: Any = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


def create_shared_tables(connection: Connection) -> None:
    """The tables of ``kit.models.SharedTables`` as they are in revision 0001 of every domain.

    The audit trail is append-only: a trigger refuses UPDATE and DELETE.
    """
    metadata = MetaData()
    SharedTables(metadata)
    metadata.create_all(connection)
    for statement in _APPEND_ONLY:
        connection.exec_driver_sql(statement)


_APPEND_ONLY = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""",
    """CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)
