"""What caching and indexes are worth: ``python -m tests.benchmarks.caching``.

The pages of docs/queries from the product in one process, warm, one after another: with caching off beside on, in
turns, on the same embedded servers; then the same with a proxy before PostgreSQL that adds 5 ms to each statement. Then
with caching off on a filled database, before and after its secondary indexes are dropped. The database's time is the
CPU time of all its processes, less what they need while nobody asks. Exits 1 where a mark is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import asyncpg
import uvloop

from infra.servers import Servers, open_servers
from infra.settings import Settings
from infra.subgraphs import load_domains
from subgraphs.kit.database.migrations import upgrade
from tests.benchmarks.caching.product import PAGES, serve
from tests.benchmarks.caching.proxy import Distance
from tests.subgraphs.filled import fill

_FAR = 0.005
_IDLE = 8.0
_SECONDARY = """SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
  WHERE relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"""


@dataclass
class _Measured:
    """Of one page and side; each list has an entry a round but ``seconds``, a page."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: float = 0.0
    database: list[float] = field(default_factory=list)


class _Side:
    """The product in a process of its own."""

    def __init__(self, home: Path, sockets: Path | None, *, caching: bool) -> None:
        given = {k: v for k, v in os.environ.items() if not k.startswith(("LETS_CONNECT_", "OTEL_"))}
        given |= {"LETS_CONNECT_CACHE": str(caching).lower(), "OTEL_SDK_DISABLED": "true"}
        command = [sys.executable, "-m", "tests.benchmarks.caching", "--serve", str(home)]
        self._process = subprocess.Popen(
            command + (["--sockets", str(sockets)] if sockets else []),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=given,
            text=True,
        )

    async def ready(self) -> None:
        if await asyncio.to_thread(self._process.stdout.readline) != "ready\n":  # type: ignore[union-attr]
            raise RuntimeError("the product did not start")

    def ask(self, page: str, count: int) -> None:
        """Ask for a page that often; ``told`` waits for what it took."""
        self._process.stdin.write(f"{page} {count}\n")  # type: ignore[union-attr]
        self._process.stdin.flush()  # type: ignore[union-attr]

    async def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(await asyncio.to_thread(self._process.stdout.readline))  # type: ignore[union-attr]
        return told

    async def close(self) -> None:
        await asyncio.to_thread(self._process.communicate, "", timeout=60)


def main() -> int:
    """Print both comparisons; 1 where a mark is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.caching")
    parser.add_argument("--part", choices=("caching", "indexes"), help="one of both alone")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--pages", type=int, default=20, help="of each kind, a round and side")
    parser.add_argument("--rows", type=int, default=100_000, help="of each table, for the indexes")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--sockets", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if options.serve:
        uvloop.run(serve(options.serve, options.sockets))
        return 0
    missed = 0
    if options.part in (None, "caching"):
        missed += uvloop.run(_caching(options.rounds, options.pages))
    if options.part in (None, "indexes"):
        missed += uvloop.run(_indexes(options.rows))
    print(f"load average: {os.getloadavg()[0]:.0f}; marks missed: {missed}")
    return int(missed > 0)


async def _caching(rounds: int, pages: int) -> int:
    async with _servers() as (home, servers):
        near = await _compared(home, None, rounds, pages)
        distance = Distance(_socket(servers), home.parent / "far")
        async with distance.open():
            far = await _compared(home, distance, rounds, pages)
    missed = 0
    for page in PAGES:
        off, on = near[False][page], near[True][page]
        missed += _line(page, "statements", (off.statements, on.statements), 0.4)
        missed += _line(page, "ms of the database", (_ms(off.database), _ms(on.database)), 0.4)
        missed += _line(page, "p50 in ms", (_ms(off.seconds), _ms(on.seconds)), 1.05)
        missed += _line(page, "ms of the product's CPU", (_ms(off.cpu), _ms(on.cpu)), 1.05)
        off, on = far[False][page], far[True][page]
        missed += _line(
            page, "p50 in ms, each statement 5 ms longer", (_ms(off.seconds), _ms(on.seconds)), 0.4
        )
    return missed


async def _indexes(rows: int) -> int:
    async with _servers() as (home, servers):
        for domain in load_domains():
            await upgrade(domain.migrations, servers.database_urls[domain.name])
            await fill(domain, servers.database_urls[domain.name], rows)
        async with _sides(home, None, [False]) as sides:
            database = await _Database.idle(home)
            with_them = [await _turn(sides[False], page, 20, database) for page in PAGES]
            for url in servers.database_urls.values():
                await _drop_secondary(url)
            without = [await _turn(sides[False], page, 5, database) for page in PAGES]
    missed = 0
    for page, indexed, bare in zip(PAGES, with_them, without, strict=True):
        missed += _line(page, "p50 in ms, indexes", (_ms(bare.seconds), _ms(indexed.seconds)), 0.2)
        missed += _line(page, "ms of the database, indexes", (_ms(bare.database), _ms(indexed.database)), 0.2)
    return missed


def _ms(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000


def _line(page: str, what: str, measured: tuple[float, float], mark: float) -> int:
    """A row of the table: without and with; 1 where the mark is missed."""
    without, with_ = measured
    ratio = with_ / without
    print(f"| {page} | {what} | {without:.1f} | {with_:.1f} | {ratio:.2f} | ≤ {mark} |", flush=True)
    return int(ratio > mark)


@contextlib.asynccontextmanager
async def _servers() -> AsyncIterator[tuple[Path, Servers]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        settings = Settings.from_environment({"LETS_CONNECT_HOME": str(home)})
        async with open_servers(settings, attach=False) as servers:
            yield home, servers


def _socket(servers: Servers) -> Path:
    folder = unquote(servers.database_urls["user"].partition("?host=")[2])
    return Path(folder) / ".s.PGSQL.5432"


@contextlib.asynccontextmanager
async def _sides(
    home: Path, distance: Distance | None, caching: list[bool]
) -> AsyncIterator[dict[bool, _Side]]:
    sides: dict[bool, _Side] = {}
    try:
        for on in caching:
            sides[on] = _Side(home, distance.folder if distance else None, caching=on)
            await sides[on].ready()
        yield sides
    finally:
        for side in sides.values():
            await side.close()


async def _compared(
    home: Path, distance: Distance | None, rounds: int, pages: int
) -> dict[bool, dict[str, _Measured]]:
    found = {on: {page: _Measured() for page in PAGES} for on in (False, True)}
    async with _sides(home, distance, [False, True]) as sides:
        database = await _Database.idle(home)
        if distance is not None:
            distance.delay = _FAR
        for page in _turns(rounds):
            for on, side in sides.items():
                one, all_ = await _turn(side, page, pages, database), found[on][page]
                all_.seconds += one.seconds
                all_.cpu += one.cpu
                all_.database += one.database
                all_.statements = one.statements
        if distance is not None:
            distance.delay = 0.0
    return found


def _turns(rounds: int) -> Iterator[str]:
    for _ in range(rounds):
        yield from PAGES


class _Database:
    """The CPU time of the server's processes, beside what they need while the products only look for events."""

    def __init__(self, home: Path) -> None:
        self._main = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        self._idle = 0.0

    @classmethod
    async def idle(cls, home: Path) -> _Database:
        found = cls(home)
        began = found.seconds()
        await asyncio.sleep(_IDLE)
        found._idle = (found.seconds() - began) / _IDLE
        return found

    def seconds(self) -> float:
        """So far."""
        children = Path(f"/proc/{self._main}/task/{self._main}/children").read_text().split()
        total = 0
        for pid in (str(self._main), *children):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                total += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
        return total / 1e9

    def since(self, began: float, elapsed: float) -> float:
        """What was asked of it since it had needed ``began`` seconds, ``elapsed`` ago."""
        return max(0.0, self.seconds() - began - self._idle * elapsed)


async def _turn(side: _Side, page: str, count: int, database: _Database) -> _Measured:
    before, began = database.seconds(), time.perf_counter()
    side.ask(page, count)
    told = await side.told()
    asked = database.since(before, time.perf_counter() - began) / count
    return _Measured(told["seconds"], [told["cpu"]], told["statements"], [asked])


async def _drop_secondary(url: str) -> None:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    try:
        for (index,) in await connection.fetch(_SECONDARY):
            await connection.execute(f"DROP INDEX {index}")
    finally:
        await connection.close()


if __name__ == "__main__":
    sys.exit(main())
