"""Migrations as deployments meet them: failing half way, run twice at once, waiting, by a version behind."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from infra.errors import Away, CommandError
from infra.local import LocalServers
from infra.migrate import check_migrated, migrate
from infra.servers import Servers
from subgraphs.kit.database.migrations import MigrationFailed, SchemaState, schema_state, upgrade

_ENV = """
from sqlalchemy import MetaData
from subgraphs.kit.database.migrations import run_environment
run_environment(MetaData())
"""
_REVISION = """
from alembic import op
revision, down_revision = {revision!r}, {down!r}
def upgrade():
    for statement in {statements!r}:
        op.execute(statement)
"""
_FIRST = ["CREATE TABLE things (id int)", "INSERT INTO things VALUES (1)"]


class _Package:
    """A package of migrations that a test writes."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._versions = folder / name / "versions"
        self._versions.mkdir(parents=True)
        (folder / name / "__init__.py").touch()
        (folder / name / "env.py").write_text(_ENV)

    def add(self, revision: str, down: str | None, *statements: str) -> None:
        text_ = _REVISION.format(revision=revision, down=down, statements=list(statements))
        (self._versions / f"{revision}.py").write_text(text_)

    def remove(self, revision: str) -> None:
        (self._versions / f"{revision}.py").unlink()


@pytest.fixture
def package(tmp_path: Path) -> Iterator[_Package]:
    sys.path.insert(0, str(tmp_path))
    name = f"migrations_{tmp_path.name.replace('-', '_')}"
    yield _Package(tmp_path, name)
    sys.path.remove(str(tmp_path))
    sys.modules.pop(name, None)


@pytest.fixture
async def url(servers: LocalServers, tmp_path: Path) -> str:
    """An empty database."""
    return await servers.add_database(f"m{abs(hash(tmp_path)) % 10**8}")


async def _query(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(statement))]
    finally:
        await engine.dispose()


async def test_one_that_fails_half_way_leaves_nothing_and_says_how_to_go_on(
    package: _Package, url: str
) -> None:
    package.add("0001", None, *_FIRST)
    assert await upgrade(package.name, url)
    package.add("0002", "0001", "ALTER TABLE things ADD COLUMN name text")
    package.add("0003", "0002", "UPDATE things SET name = 'x'", "ALTER TABLE nowhere ADD COLUMN a int")
    with pytest.raises(CommandError) as caught:
        await migrate([_Shop(package)], Servers({"shop": url}, ""))  # type: ignore[list-item]
    assert str(caught.value) == (
        'shop could not be migrated to 0003: relation "nowhere" does not exist. Nothing of it was kept: its database '
        "is at 0001 as before, and the version that runs goes on serving. Put right what is said, then run "
        "lets-connect migrate shop again; domains before it are migrated and are not touched again"
    )
    assert await _query(url, "SELECT * FROM things") == [(1,)]
    package.remove("0003")
    assert await upgrade(package.name, url)


_WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted"


async def _until(statement: str, url: str, some: bool) -> None:
    while bool(await _query(url, statement)) is not some:  # noqa: ASYNC110 - PostgreSQL sets no event of ours
        await asyncio.sleep(0.005)


class _Shop:
    """What ``migrate`` looks at of a domain."""

    name = "shop"

    def __init__(self, package: _Package) -> None:
        self.migrations = package.name


async def test_a_version_that_needs_more_waits_and_one_that_knows_less_works(
    package: _Package, url: str
) -> None:
    package.add("0001", None, *_FIRST)
    assert await schema_state(package.name, url) == (SchemaState.BEHIND, None, "0001")
    with pytest.raises(Away) as caught:
        await check_migrated(_Shop(package), Servers({"shop": url}, ""))  # type: ignore[arg-type]
    assert str(caught.value) == (
        "the database of shop is at nothing, and this version needs 0001: lets-connect migrate shop"
    )
    package.add("0002", "0001", "CREATE TABLE more (id int)")
    assert await upgrade(package.name, url)
    package.remove("0002")
    assert await schema_state(package.name, url) == (SchemaState.AHEAD, "0002", "0001")
    await check_migrated(_Shop(package), Servers({"shop": url}, ""))  # type: ignore[arg-type]
    assert await upgrade(package.name, url) is False


async def test_of_two_at_once_one_migrates(package: _Package, url: str) -> None:
    package.add("0001", None, *_FIRST, "SELECT pg_sleep(0.2)")
    command = [sys.executable, "-c", _MIGRATE, package.name, url, sys.path[0]]
    both = [await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE) for _ in range(2)]
    said = [(await process.communicate())[0].strip() for process in both]
    assert sorted(said) == [b"False", b"True"]
    assert await _query(url, "SELECT count(*) FROM things") == [(1,)]


_MIGRATE = """
import asyncio, sys
sys.path[:0] = [sys.argv[3]]
from subgraphs.kit.database.migrations import upgrade
print(asyncio.run(upgrade(sys.argv[1], sys.argv[2])))
"""


async def test_a_lock_that_is_not_had_is_given_up_and_asked_for_again(package: _Package, url: str) -> None:
    package.add("0001", None, *_FIRST)
    await upgrade(package.name, url)
    package.add("0002", "0001", "ALTER TABLE things ADD COLUMN name text")
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as reader:
            await reader.execute(text("SELECT * FROM things"))  # a long transaction of the version that runs
            migrating = asyncio.create_task(upgrade(package.name, url, lock_seconds=0.3))
            await _until(_WAITING, url, True)
            await _until(_WAITING, url, False)
            assert not migrating.done()
        assert await migrating
    finally:
        await engine.dispose()


async def test_a_lock_that_is_never_had_fails_as_any_other_error(package: _Package, url: str) -> None:
    package.add("0001", None, *_FIRST)
    await upgrade(package.name, url)
    package.add("0002", "0001", "ALTER TABLE things ADD COLUMN name text")
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as reader:
            await reader.execute(text("SELECT * FROM things"))
            with pytest.raises(MigrationFailed, match="canceling statement due to lock timeout") as caught:
                await upgrade(package.name, url, lock_seconds=0.01)
        assert (caught.value.at, caught.value.wanted) == ("0001", "0002")
    finally:
        await engine.dispose()
