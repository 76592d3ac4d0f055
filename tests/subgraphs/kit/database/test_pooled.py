"""Behind PgBouncer, where each transaction may get another of the server's connections."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Integer, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL, make_url

from infra import launch
from infra.local.account import way_for, ways
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.migrations import SchemaState, schema_state, upgrade
from subgraphs.kit.database.reads import Read, given
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.shop.models import TABLES

pytestmark = pytest.mark.debian("pgbouncer")

_PID: Read[tuple[int, int]] = Read(select(func.pg_backend_pid(), given("number", Integer) + 1))
_JSON: Read[tuple[object, int]] = Read(select(given("document", JSONB), given("number", Integer)))
_MIGRATIONS = "subgraphs.shop.migrations"


def _listens(path: Path) -> bool:
    """The socket's file is there a moment before anybody listens at it."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


@contextlib.contextmanager
def _pgbouncer(server: URL, folder: Path) -> Iterator[URL]:
    """Two connections to the server for all clients, each for one transaction. Like PostgreSQL it refuses to be root."""
    at = server.query["host"]
    settings = folder / "pgbouncer.ini"
    settings.write_text(f"""\
[databases]
{server.database} = host={at} port=5432 user={server.username} password={server.password}
[pgbouncer]
unix_socket_dir = {folder}
listen_port = 5432
auth_type = any
pool_mode = transaction
default_pool_size = 2
""")
    program = Path(str(shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")))
    launcher = [
        sys.executable,
        "-IS",
        launch.__file__,
        str(os.getpid()),
        "9",
        way_for(program, folder, ways()),
    ]
    process = subprocess.Popen([*launcher, str(program), str(settings)], stderr=subprocess.PIPE, text=True)
    try:
        while not _listens(folder / ".s.PGSQL.5432"):
            assert process.poll() is None, process.stderr and process.stderr.read()
        yield server.update_query_dict({"host": str(folder)})
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
async def url(database_url: Callable[[str], str], tmp_path: Path) -> AsyncIterator[URL]:
    with _pgbouncer(make_url(database_url("shop")), tmp_path) as pooled:
        yield pooled


@pytest.fixture
async def database(url: URL) -> AsyncIterator[Database]:
    address = url.render_as_string(hide_password=False)
    await upgrade(_MIGRATIONS, address)
    metrics = Metrics(CollectorRegistry())
    opened = Database("shop", address, TABLES, pool=6, metrics=metrics, clock=SystemClock(), pooled=True)
    yield opened
    await opened.close()


async def test_reads_share_the_servers_connections_and_get_their_own_answers(database: Database) -> None:
    async def ask(number: int) -> tuple[int, bool]:
        (pid, more), *_ = await database.rows(_PID, number=number)
        ((document, same), *_) = await database.rows(_JSON, document={"n": number}, number=number)
        return pid, (more, document, same) == (number + 1, {"n": number}, number)

    for _ in range(10):
        asked = await asyncio.gather(*(ask(n) for n in range(20)))
        assert all(right for _, right in asked)
        assert len({pid for pid, _ in asked}) <= 2


async def test_writes_leave_nothing_at_the_server_that_the_next_could_trip_over(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.write() as tx:
            tx.forget("pooled", *(f"{number}-{n}" for n in range(3)))
            tx.emit("shop.pooled", uuid4(), {"n": number})

    for _ in range(5):
        await asyncio.gather(
            *(write(n) for n in range(6)), *(database.rows(_PID, number=n) for n in range(6))
        )
    left = Read[tuple[int]](select(func.count()).select_from(func.pg_prepared_statement()))
    assert [tuple(row) for row in await database.rows(left)] == [(0,)]


async def test_migrations_go_through_it(url: URL) -> None:
    address = url.render_as_string(hide_password=False)
    await upgrade(_MIGRATIONS, address)
    assert [(await schema_state(_MIGRATIONS, address))[0] for _ in range(5)] == [SchemaState.CURRENT] * 5
