"""The servers' lives: started once, stopped with their parent, recovered after any end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url

from infra.errors import CommandError
from infra.local import LocalServers
from infra.local.account import ways
from infra.local.home import Home
from infra.process import processes_naming

_PROGRAM = Path(__file__).with_name("program.py")
_ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def _program(home: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str, str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(_PROGRAM),
        str(home),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )
    try:
        assert process.stdout is not None
        database, cache = (await process.stdout.readline()).decode().split()
        yield process, database, cache
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await _gone(home)


async def _gone(home: Path) -> None:
    async with asyncio.timeout(60):
        while processes_naming(Home(home).mark):  # noqa: ASYNC110 - no event tells of another's children
            await asyncio.sleep(0.02)


async def _query(url: str, statement: str) -> object:
    parts = make_url(url)
    connection = await asyncpg.connect(
        host=parts.query["host"], user=parts.username, password=parts.password, database=parts.database
    )
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_however_the_parent_ends_the_servers_end_and_the_data_stays(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with _program(tmp_path / "home") as (process, database, cache):
        await _query(database, "CREATE TABLE kept AS SELECT 7 AS value")
        async with Redis.from_url(cache) as client:
            await client.set("kept", "8")
            await client.waitaof(1, 0, 5000)
        process.send_signal(number)
        assert await process.wait() in (0, -number)
        await _gone(tmp_path / "home")
    async with await LocalServers.start(tmp_path / "home", ["scratch"]) as servers:
        assert servers.database_url("scratch") == database
        assert await _query(database, "SELECT value FROM kept") == 7
        async with Redis.from_url(servers.redis_url) as client:
            assert await client.get("kept") == b"8"


async def test_after_everything_was_killed_the_next_start_recovers_at_once(tmp_path: Path) -> None:
    async with _program(tmp_path / "home") as (process, database, _):
        await _query(database, "CREATE TABLE kept AS SELECT 7 AS value")
        for pid in [process.pid, *processes_naming(Home(tmp_path / "home").mark)]:
            with contextlib.suppress(ProcessLookupError):  # the kernel ends the servers with their parent
                os.kill(pid, signal.SIGKILL)
        await process.wait()
        async with await LocalServers.start(tmp_path / "home", ["scratch"]):
            assert await _query(database, "SELECT value FROM kept") == 7


async def test_a_server_that_dies_is_started_again_with_its_data(tmp_path: Path) -> None:
    async with await LocalServers.start(tmp_path / "home", ["scratch"]) as servers:
        database = servers.database_url("scratch")
        await _query(database, "CREATE TABLE kept AS SELECT 7 AS value")
        for pid in processes_naming(Home(tmp_path / "home").mark):
            os.kill(pid, signal.SIGKILL)
        assert await _again(database, servers.redis_url) == (7, True)


async def _again(database: str, cache: str) -> tuple[object, bool]:
    async with asyncio.timeout(60):
        while True:
            try:
                async with Redis.from_url(cache) as client:
                    return await _query(database, "SELECT value FROM kept"), bool(await client.ping())
            except (OSError, asyncpg.PostgresError, RedisError):
                await asyncio.sleep(0.02)


async def test_one_home_has_one_owner_and_others_attach(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with await LocalServers.start(home, ["scratch"]) as servers:
        with pytest.raises(CommandError, match=f"{home} is in use by process {os.getpid()}; stop that one"):
            await LocalServers.start(home, ["scratch"])
        async with await LocalServers.open(home, ["scratch"]) as attached:
            assert attached.database_url("scratch") == servers.database_url("scratch")
        assert await _query(servers.database_url("scratch"), "SELECT 1") == 1
    with pytest.raises(CommandError, match=f"nothing runs in {home}; start it with scripts/run"):
        await LocalServers.attach(home, ["scratch"])


def test_a_forked_worker_does_not_keep_the_home_locked(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.lock()
    ours, theirs = socket.socketpair()
    worker = os.fork()
    if worker == 0:
        theirs.send(b"here")
        ours.close()
        theirs.recv(1)
        os._exit(0)
    theirs.close()
    ours.recv(4)
    home.unlock()
    try:
        assert not home.locked
    finally:
        ours.close()
        os.waitpid(worker, 0)


async def test_a_home_too_long_for_a_socket_gets_a_short_private_directory(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    async with await LocalServers.start(home, ["scratch"]) as servers:
        sockets = Path(str(make_url(servers.database_url("scratch")).query["host"]))
        assert (sockets.is_relative_to(home), _mode(sockets)) == (False, "0o700")
        assert await _query(servers.database_url("scratch"), "SELECT 1") == 1
    assert _mode(sockets) is None


def _mode(path: Path) -> str | None:
    return oct(path.stat().st_mode & 0o777) if path.exists() else None


async def test_stale_files_of_a_dead_run_do_not_hinder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with await LocalServers.start(home, ["scratch"]):
        stale = (home / "postgres" / "data" / "postmaster.pid").read_text()
    # The number of a process that lives, and is no PostgreSQL.
    _, _, rest = stale.partition("\n")
    (home / "postgres" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{rest}")
    (home / "run").mkdir()
    (home / "run" / "valkey.sock").touch()
    (home / "postgres" / "draft").mkdir()
    async with await LocalServers.start(home, ["scratch"]) as servers:
        assert await _query(servers.database_url("scratch"), "SELECT 1") == 1


@pytest.mark.parametrize("way", ways())
async def test_every_way_out_of_root_serves_a_home_that_only_root_may_enter(tmp_path: Path, way: str) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    home = tmp_path / "closed" / "home"
    for chosen in (way, *ways(), way):
        async with await LocalServers.start(home, ["scratch"], valkey=False, accounts=[chosen]) as servers:
            assert await _query(servers.database_url("scratch"), "SELECT 1") == 1


async def test_a_file_in_the_place_of_home_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(CommandError) as caught:
        await LocalServers.start(tmp_path / "home", ["scratch"])
    assert str(caught.value) == (
        f"LETS_CONNECT_HOME {tmp_path}/home cannot be used: File exists; "
        "name a directory this account can write, for example LETS_CONNECT_HOME=~/.lets-connect"
    )


async def test_a_server_that_will_not_start_is_named_with_its_log_and_nothing_is_left(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with await LocalServers.start(home, ["scratch"]):
        pass
    (home / "postgres" / "data" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(CommandError) as caught:
        await LocalServers.start(home, ["scratch"])
    message = str(caught.value)
    assert message.startswith(f"PostgreSQL did not start in {home}/postgres/data: ")
    assert "pg_control" in message
    assert "\n" not in message
    assert (processes_naming(Home(home).mark), Home(home).locked) == ([], False)


async def test_lost_or_open_passwords_are_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with await LocalServers.start(home, ["scratch"], valkey=False):
        pass
    kept = home / "keys" / "postgres.json"
    kept.chmod(0o644)
    with pytest.raises(CommandError, match=f"{kept} can be read by others; .*: chmod 600 {kept}"):
        await LocalServers.start(home, ["scratch"], valkey=False)
    kept.unlink()
    with pytest.raises(CommandError, match=f"{kept} is missing"):
        await LocalServers.start(home, ["scratch"], valkey=False)
