"""Alembic per domain, run from code: no ini file, and the embedded database needs no other tool.

A migration runs beside the previous version of the code, and is one transaction: it is there whole, or nothing
of it is. It never makes others wait for long: a lock that is not had soon is given up, and asked for again.
"""

from __future__ import annotations

import asyncio
from enum import Enum
from importlib import resources
from typing import Any

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError as AlembicError
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from subgraphs.kit.database.connections import UNPREPARED
from subgraphs.kit.database.models import SharedTables

__all__ = [
    "MigrationFailed",
    "SchemaState",
    "create_shared_tables",
    "run_environment",
    "schema_state",
    "upgrade",
]

_LOCK_SECONDS = 3
"""Of waiting for a table: whoever asks for it meanwhile stands in line behind us."""
_TRIES = 10
_LOCK_NOT_AVAILABLE = "55P03"


class MigrationFailed(Exception):
    """Nothing of it is left in the database."""

    def __init__(self, at: str | None, wanted: str | None, cause: str) -> None:
        super().__init__(cause)
        self.at = at
        """The revision the database was and is at; None: empty."""
        self.wanted = wanted


class SchemaState(Enum):
    """A database beside the code that asks."""

    CURRENT = "current"
    BEHIND = "behind"
    """It lacks migrations that the code has."""
    AHEAD = "ahead"
    """A newer version has migrated it; this one can work with it."""


async def upgrade(package: str, database_url: str, *, lock_seconds: float = _LOCK_SECONDS) -> bool:
    """Bring a domain's database to its newest revision; False where it was there already, or further.

    Raises MigrationFailed.
    """
    config, script = _read(package)
    engine = _engine(database_url)
    try:
        for attempt in range(1, _TRIES + 1):
            try:
                async with engine.begin() as connection:
                    return await connection.run_sync(_upgrade, config, script, lock_seconds)
            except Exception as error:
                if (
                    attempt == _TRIES
                    or getattr(getattr(error, "orig", None), "sqlstate", "") != _LOCK_NOT_AVAILABLE
                ):
                    raise await _failed(engine, script, error) from error
            await asyncio.sleep(lock_seconds)
        raise AssertionError("the last attempt returns or raises")
    finally:
        await engine.dispose()


async def schema_state(package: str, database_url: str) -> tuple[SchemaState, str | None, str | None]:
    """How the database stands, the revision it is at, and the one this code is written for."""
    _, script = _read(package)
    engine = _engine(database_url)
    try:
        at = await _revision(engine)
    finally:
        await engine.dispose()
    return _state(script, at), at, script.get_current_head()


def _read(package: str) -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(resources.files(package)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config, ScriptDirectory.from_config(config)


def _state(script: ScriptDirectory, at: str | None) -> SchemaState:
    if at == script.get_current_head():
        return SchemaState.CURRENT
    try:
        if at is not None:
            script.get_revision(at)
    except AlembicError:
        return SchemaState.AHEAD
    return SchemaState.BEHIND


def _upgrade(connection: Connection, config: Config, script: ScriptDirectory, lock_seconds: float) -> bool:
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrations'))"))  # one at a time
    connection.execute(
        text("SELECT set_config('lock_timeout', :ms, true)"), {"ms": str(max(1, int(lock_seconds * 1000)))}
    )
    if (
        _state(script, MigrationContext.configure(connection).get_current_revision())
        is not SchemaState.BEHIND
    ):
        return False
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True


def _engine(database_url: str) -> AsyncEngine:
    """Whatever pooler is before the database, too."""
    return create_async_engine(database_url, poolclass=NullPool, connect_args=dict(UNPREPARED))


async def _revision(engine: AsyncEngine) -> str | None:
    async with engine.connect() as connection:
        return await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())


async def _failed(engine: AsyncEngine, script: ScriptDirectory, error: Exception) -> Exception:
    """What PostgreSQL said, in one line, and where the database is; an error of another kind as it is."""
    if not isinstance(error, DBAPIError) or error.connection_invalidated:
        return error
    said = " ".join(str(error.orig).split(":", 1)[-1].split())
    return MigrationFailed(await _revision(engine), script.get_current_head(), said)


def run_environment(metadata: MetaData) -> None:
    """The whole of a domain's ``env.py``."""
    connection: Any = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


def create_shared_tables(connection: Connection) -> None:
    """The tables of ``kit.database.models.SharedTables`` as they are in revision 0001 of every domain.

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
