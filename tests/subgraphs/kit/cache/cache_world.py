"""What the cache's law is tried on: processes of the content domain that can be come in between, their way to Redis, and time.

Each process reaches Redis by a door of its own, which can be shut for it alone. Leases run by a time that passes where a
writer waits, and where a story says so.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from prometheus_client import CollectorRegistry
from sqlalchemy import func
from sqlmodel import col, select

from infra.local.home import Home
from infra.local.valkey import ValkeyServer
from subgraphs.content.models import POST, TABLES, Post
from subgraphs.content.repository import ContentRepository
from subgraphs.kit.authorization.relations import BLOCK, Relations, notify_relation
from subgraphs.kit.authorization.withdrawn import Withdrawals, withdraw
from subgraphs.kit.cache.cache import Cache, Moment
from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.cache.rows import RowCache
from subgraphs.kit.cache.trust import Trust
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, one_of
from subgraphs.kit.database.transaction import Notice, Tombstone, Transaction
from subgraphs.kit.events.publisher import Publisher
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.tracing import Tracer

__all__ = ["Looking", "Pause", "Process", "World", "begun", "opened"]

_NARROWNESS = "law_narrowness"
"""The cache's name for a value without a version of its own, made of the post's row."""
_BLOCKED = UUID(int=1)
_VERSIONS: Read[Any] = Read(select(col(Post.id), col(Post.version)).where(one_of(col(Post.id), "ids")))


class Pause:
    """Where a task stops until it is let go on."""

    def __init__(self, where: str) -> None:
        self.reached = asyncio.Event()
        self.let_go = asyncio.Event()
        self._where = where

    async def at(self, where: str) -> None:
        if where == self._where and not self.reached.is_set():
            self.reached.set()
            await self.let_go.wait()


_pause: ContextVar[Pause | None] = ContextVar("pause", default=None)


async def _maybe_stop(where: str) -> None:
    if (pause := _pause.get()) is not None:
        await pause.at(where)


async def begun(work: Any, where: str) -> tuple[asyncio.Task[Any], Pause]:
    """Started, and at its pause or at its end."""
    pause = Pause(where)
    _pause.set(pause)
    task = asyncio.create_task(work)
    _pause.set(None)
    reached = asyncio.create_task(pause.reached.wait())
    await asyncio.wait([task, reached], return_when=asyncio.FIRST_COMPLETED)
    reached.cancel()
    return task, pause


class _Door:
    """One process's way to Redis: a socket that leads to the server's, or nowhere."""

    def __init__(self, socket: Path, server: Path) -> None:
        self.open = False
        self._socket = socket
        self._server = server
        self._listening: asyncio.Server | None = None
        self._through: set[asyncio.StreamWriter] = set()

    async def unlock(self) -> None:
        self._listening = await asyncio.start_unix_server(self._let_through, self._socket)
        self.open = True

    async def shut(self) -> None:
        self.open = False
        if self._listening is not None:
            self._listening.close()
            for writer in self._through:
                writer.transport.abort()
            await self._listening.wait_closed()
        self._socket.unlink(missing_ok=True)

    async def _let_through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = {writer}
        self._through |= ends
        try:
            answers, asked = await asyncio.open_unix_connection(self._server)
            ends.add(asked)
            self._through |= ends
            await asyncio.wait(
                [asyncio.ensure_future(_flow(reader, asked)), asyncio.ensure_future(_flow(answers, writer))],
                return_when=asyncio.FIRST_COMPLETED,
            )
        except OSError:
            pass  # the server is killed
        finally:
            for end in ends:
                end.transport.abort()
            self._through -= ends


async def _flow(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(1 << 16):
            sink.write(data)
            await sink.drain()


class _Time:
    """What leases run by."""

    def __init__(self) -> None:
        self.now = 0.0

    async def pause(self, seconds: float) -> None:
        await _maybe_stop("while it waits")
        self.now += seconds


class _Watched(Cache):
    """A cache whose tombstones can be come in between."""

    async def bury(
        self, tombstones: Sequence[Tombstone], notices: Sequence[Notice] = (), *, repeated: bool = False
    ) -> bool:
        await _maybe_stop("before the tombstone")
        buried = await super().bury(tombstones, notices, repeated=repeated)
        await _maybe_stop("after the tombstone")
        return buried


class Looking(Cache):
    """Reads and leaves nothing, so that looking changes no story."""

    async def _fill(self, entries: Sequence[Any], since: Moment) -> None:
        return None


class Process:
    """One process of the domain."""

    def __init__(self, service: str, world: World, kind: type[Cache] = _Watched) -> None:
        metrics, clock = Metrics(CollectorRegistry()), SystemClock()
        self.database = Database("content", world.database_url, TABLES, pool=4, metrics=metrics, clock=clock)
        self.door, url = world.door()
        self.link = RedisLink(url, timeout=60.0)  # a killed server is noticed at once, a busy machine is none
        self.trust = Trust(self.database, lambda: world.time.now, world.time.pause)
        self.cache = kind(service, self.link, metrics, clock, believed=self.trust.held)
        tracer = Tracer("content", None)
        self.publisher = Publisher(self.database, self.link, self.cache, self.trust, metrics, tracer)
        repository = ContentRepository(self.database)
        self._rows = RowCache(self.cache, POST, Post, self._slowly(repository.posts), metrics)
        self._values: Lookup[UUID, int] = Lookup(
            self.cache, _NARROWNESS, int, self._slowly(self._versions), metrics
        )
        self._withdrawals = Withdrawals(self.cache)
        self._relations = Relations(self.database, self.cache, metrics)
        self.told = 0
        """The last version that it has told Redis of itself."""
        self.database.after_commit = self._after_commit

    async def open(self) -> None:
        """Redis can be reached, and is; so that no breaker makes it a matter of time."""
        if not self.door.open:
            await self.door.unlock()
        await self.link.check()

    async def read(self, kind: str, post: UUID) -> int:
        """The version that a request sees; there always is one."""
        if kind == "row":
            return (await self._rows.load([post]))[post].version
        return (await self._values.load([post]))[post]

    async def noticed(self, post: UUID) -> tuple[int, bool]:
        """What another domain sees that has had no event: since which version the post is withdrawn, and whether its
        author blocks somebody (who is blocked by each second version).
        """
        withdrawn = await self._withdrawals.since([("Post", post)])
        relations = await self._relations.between(post, [_BLOCKED])
        return withdrawn.get(("Post", post), 0), _BLOCKED in relations and relations[_BLOCKED].blocking

    async def written(self, post: UUID) -> tuple[int, bool]:
        """The version that is committed, and whether Redis was told of all that is."""
        async with self.database.engine.connect() as connection:
            unsent = await connection.scalar(select(func.count()).where(TABLES.outbox.c.sent_at.is_(None)))
            version = await connection.scalar(select(col(Post.version)).where(col(Post.id) == post))
        assert version is not None
        return version, unsent == 0

    async def narrow(self, post: UUID) -> int:
        """A mutation, to its answer; the version it made."""
        async with self.database.write() as tx:
            row = await ContentRepository(self.database).lock_post(tx, post)
            assert row is not None
            tx.touch(row, POST)
            tx.forget(_NARROWNESS, post)
            withdraw(tx, "Post", post, version=row.version)
            notify_relation(tx, post, _BLOCKED, BLOCK, held=row.version % 2 == 0)
        return row.version

    async def close(self) -> None:
        await self.link.close()
        await self.door.shut()
        await self.database.close()

    async def _versions(self, ids: Sequence[UUID]) -> dict[UUID, int]:
        return dict(await self.database.rows(_VERSIONS, ids=ids))

    async def _after_commit(self, tx: Transaction) -> None:
        if await self.cache.bury(tx.tombstones, tx.notices):
            self.told = max([self.told, *(int(n.value) for n in tx.notices if len(n.keys) == 1)])
        else:
            await self.trust.regained(tx.repeats)

    def _slowly(
        self, fetch: Callable[[Sequence[UUID]], Awaitable[Any]]
    ) -> Callable[[Sequence[UUID]], Awaitable[Any]]:
        async def read(ids: Sequence[UUID]) -> Any:
            await _maybe_stop("before the database")
            found = await fetch(ids)
            await _maybe_stop("after the database")
            return found

        return read


class World:
    """The servers, and a loop to drive what happens on them step by step."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.runner = asyncio.Runner()
        self.database_url = database_url
        home = Home(folder)
        home.lock()
        self._home = home
        self._sockets = home.make_sockets()
        self._valkey = ValkeyServer(home, self._sockets)
        self._doors = 0
        self.time = _Time()
        self.run(self._valkey.start())
        self.up = True

    def door(self) -> tuple[_Door, str]:
        """One more to Redis, not open yet, and the address behind it."""
        self._doors += 1
        server = self._sockets / "valkey.sock"
        socket = self._sockets / f"door{self._doors}"
        return _Door(socket, server), self._valkey.url.replace(quote(str(server)), quote(str(socket)))

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def kill_redis(self) -> None:
        self.up = False
        child = self._valkey.child
        assert child is not None
        child.process.kill()
        self.run(child.wait())

    def start_redis(self) -> None:
        self.run(self._valkey.run())
        self.up = True

    def close(self) -> None:
        self.run(self._valkey.stop())
        self._home.remove_sockets()
        self._home.unlock()
        self.runner.close()


@contextlib.contextmanager
def opened(folder: Path, database_url: str) -> Iterator[World]:
    world = World(folder, database_url)
    try:
        yield world
    finally:
        world.close()
