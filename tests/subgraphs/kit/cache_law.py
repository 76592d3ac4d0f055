"""The cache's law as a machine: reads, fills, narrowings, publishers and Redis, stopped anywhere and killed.

Two processes of the content domain work on one post, on a real PostgreSQL and a real Valkey; each is paused where the
other may come in between: a reader before and after it asks the database, a writer between its commit and its
tombstones, a publisher before and after a tombstone. A post only ever becomes narrower, so an old row is one that
was made private. No read begun after a mutation's answer sees it.

``python -m tests.subgraphs.kit.cache_law 2000`` tries as many stories; the suite tries a few.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from prometheus_client import CollectorRegistry
from sqlmodel import col, select

from infra.local import LocalServers
from infra.local.home import Home
from infra.local.valkey import ValkeyServer
from subgraphs.content.models import POST, TABLES, Post
from subgraphs.content.repository import ContentRepository
from subgraphs.kit.cache import Cache, RowCache
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.database import Database
from subgraphs.kit.errors import Unavailable
from subgraphs.kit.events import Publisher
from subgraphs.kit.lookups import Lookup
from subgraphs.kit.metrics import Metrics
from subgraphs.kit.migrations import upgrade
from subgraphs.kit.reads import Read, one_of
from subgraphs.kit.redis import RedisLink
from subgraphs.kit.tracing import Tracer
from subgraphs.kit.transaction import Tombstone, Transaction

__all__ = ["World", "obeyed"]

_NARROWNESS = "law_narrowness"
"""The cache's name for a value without a version of its own, made of the post's row."""
_VERSIONS: Read[Any] = Read(select(col(Post.id), col(Post.version)).where(one_of(col(Post.id), "ids")))
_PROCESSES = 2


class _Pause:
    """Where a task stops until it is let go on."""

    def __init__(self, where: str) -> None:
        self.reached = asyncio.Event()
        self.let_go = asyncio.Event()
        self._where = where

    async def at(self, where: str) -> None:
        if where == self._where and not self.reached.is_set():
            self.reached.set()
            await self.let_go.wait()


_pause: ContextVar[_Pause | None] = ContextVar("pause", default=None)


async def _maybe_stop(where: str) -> None:
    if (pause := _pause.get()) is not None:
        await pause.at(where)


class _Watched(Cache):
    """A cache whose tombstones can be come in between."""

    async def bury(self, tombstones: Sequence[Tombstone], *, repeated: bool = False) -> bool:
        await _maybe_stop("before the tombstone")
        buried = await super().bury(tombstones, repeated=repeated)
        await _maybe_stop("after the tombstone")
        return buried


class _Looking(Cache):
    """Reads and leaves nothing, so that looking changes no story."""

    async def _fill(self, entries: Sequence[Any], epoch: bytes, age: float) -> None:
        return None


class _Process:
    """One process of the domain."""

    def __init__(self, service: str, database_url: str, redis_url: str, kind: type[Cache] = _Watched) -> None:
        metrics, clock = Metrics(CollectorRegistry()), SystemClock()
        self.database = Database("content", database_url, TABLES, pool=4, metrics=metrics, clock=clock)
        self.link = RedisLink(
            redis_url, timeout=60.0
        )  # a killed server is noticed at once, a busy machine is none
        self.cache = kind(service, self.link, metrics, clock)
        self.publisher = Publisher(self.database, self.link, self.cache, metrics, Tracer("content", None))
        repository = ContentRepository(self.database)
        self._rows = RowCache(self.cache, POST, Post, self._slowly(repository.posts), metrics)
        self._values: Lookup[UUID, int] = Lookup(
            self.cache, _NARROWNESS, int, self._slowly(self._versions), metrics
        )
        self.database.after_commit = self._after_commit

    async def read(self, kind: str, post: UUID) -> int:
        """The version that a request sees; there always is one."""
        if kind == "row":
            return (await self._rows.load([post]))[post].version
        return (await self._values.load([post]))[post]

    async def narrow(self, post: UUID) -> int:
        """A mutation, to its answer; the version it made."""
        async with self.database.write() as tx:
            row = await ContentRepository(self.database).lock_post(tx, post)
            assert row is not None
            tx.touch(row, POST)
            tx.forget(_NARROWNESS, post)
        return row.version

    async def close(self) -> None:
        await self.link.close()
        await self.database.close()

    async def _versions(self, ids: Sequence[UUID]) -> dict[UUID, int]:
        return dict(await self.database.rows(_VERSIONS, ids=ids))

    async def _after_commit(self, tx: Transaction) -> None:
        await self.cache.bury(tx.tombstones)

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
        self._valkey = ValkeyServer(home, home.make_sockets())
        self.run(self._valkey.start())
        self.up = True

    @property
    def redis_url(self) -> str:
        return self._valkey.url

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


class _Law(RuleBasedStateMachine):
    """One story."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self._answered = 1
        self._reads: list[tuple[asyncio.Task[int], _Pause, int, tuple[int, str]]] = []
        self._writes: list[tuple[asyncio.Task[int], _Pause]] = []
        self._processes: list[_Process] = []
        self._post = uuid4()

    @initialize()
    def a_post_is_published(self) -> None:
        service = f"law-{uuid4().hex[:8]}"

        async def publish() -> None:
            given = (service, self._world.database_url, self._world.redis_url)
            self._processes += [*(_Process(*given) for _ in range(_PROCESSES)), _Process(*given, _Looking)]
            for process in self._processes:
                await process.link.check()
            async with self._processes[0].database.write() as tx:
                tx.add(Post(id=self._post, author_id=uuid4(), body="b"), POST)

        self._world.run(publish())

    @rule(
        process=st.integers(0, _PROCESSES - 1),
        where=st.sampled_from(["before the database", "after the database"]),
    )
    def reads_begin(self, process: int, where: str) -> None:
        under_way = [place for *_, place in self._reads]
        for kind in ("row", "value"):
            if (process, kind) not in under_way:  # the second would wait for the first, and in vain
                task, pause = self._begun(self._processes[process].read(kind, self._post), where)
                self._reads.append((task, pause, self._answered, (process, kind)))
        self._settle()

    @precondition(lambda self: self._reads)
    @rule(which=st.integers(0, 100))
    def a_read_goes_on(self, which: int) -> None:
        task, pause, floor, _ = self._reads.pop(which % len(self._reads))
        pause.let_go.set()
        assert self._world.run(_to_its_end(task)) >= floor

    @rule(process=st.integers(0, _PROCESSES - 1))
    def a_post_is_narrowed(self, process: int) -> None:
        self._answered = max(self._answered, self._world.run(self._processes[process].narrow(self._post)))

    @precondition(lambda self: len(self._writes) < 2)
    @rule(process=st.integers(0, _PROCESSES - 1))
    def a_narrowing_is_committed(self, process: int) -> None:
        self._writes.append(self._begun(self._processes[process].narrow(self._post), "before the tombstone"))

    @precondition(lambda self: self._writes)
    @rule(which=st.integers(0, 100))
    def a_narrowing_is_answered(self, which: int) -> None:
        task, pause = self._writes.pop(which % len(self._writes))
        pause.let_go.set()
        self._answered = max(self._answered, self._world.run(_to_its_end(task)))

    @precondition(lambda self: self._writes)
    @rule(which=st.integers(0, 100))
    def a_writer_is_killed(self, which: int) -> None:
        self._world.run(_killed(self._writes.pop(which % len(self._writes))[0]))

    @rule(process=st.integers(0, _PROCESSES - 1))
    def the_outbox_is_published(self, process: int) -> None:
        with contextlib.suppress(Unavailable):
            self._world.run(self._processes[process].publisher.publish_batch())

    @rule(
        process=st.integers(0, _PROCESSES - 1),
        where=st.sampled_from(["before the tombstone", "after the tombstone"]),
    )
    def a_publisher_is_killed(self, process: int, where: str) -> None:
        task, _ = self._begun(self._processes[process].publisher.publish_batch(), where)
        self._world.run(_killed(task))

    @precondition(lambda self: self._world.up)
    @rule()
    def redis_is_killed(self) -> None:
        self._world.kill_redis()

    @precondition(lambda self: not self._world.up)
    @rule()
    def redis_starts_again(self) -> None:
        self._world.start_redis()

        async def found() -> None:
            for process in self._processes:
                await process.link.check()  # so that no breaker makes it a matter of time

        self._world.run(found())

    @invariant()
    def no_read_sees_what_was_narrowed(self) -> None:
        async def look() -> list[int]:
            return [await self._processes[-1].read(kind, self._post) for kind in ("row", "value")]

        if self._processes:
            assert min(self._world.run(look())) >= self._answered

    def teardown(self) -> None:
        async def end() -> None:
            for task in [*(read[0] for read in self._reads), *(write[0] for write in self._writes)]:
                await _killed(task)
            for process in self._processes:
                await process.close()

        self._world.run(end())
        if not self._world.up:
            self._world.start_redis()  # each story begins with one

    def _begun(self, work: Any, where: str) -> tuple[asyncio.Task[Any], _Pause]:
        """Started, and at its pause or at its end."""

        async def begin() -> tuple[asyncio.Task[Any], _Pause]:
            pause = _Pause(where)
            _pause.set(pause)
            task = asyncio.create_task(work)
            _pause.set(None)
            reached = asyncio.create_task(pause.reached.wait())
            await asyncio.wait([task, reached], return_when=asyncio.FIRST_COMPLETED)
            reached.cancel()
            return task, pause

        found: tuple[asyncio.Task[Any], _Pause] = self._world.run(begin())
        return found

    def _settle(self) -> None:
        """Reads that Redis answered did not stop anywhere."""
        for read in [r for r in self._reads if r[0].done()]:
            self._reads.remove(read)
            assert read[0].result() >= read[2]


async def _to_its_end(task: asyncio.Task[Any]) -> Any:
    return await task


async def _killed(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, Unavailable):
        await task


def obeyed(world: World, stories: int, steps: int) -> None:
    """Raise what a story came to that broke the law; it is told step by step."""
    machine: Any = partial(_Law, world)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@contextlib.contextmanager
def opened(folder: Path, database_url: str) -> Iterator[World]:
    world = World(folder, database_url)
    try:
        yield world
    finally:
        world.close()


async def _content(home: Path) -> LocalServers:
    servers = await LocalServers.start(home, ["content"], valkey=False)
    await upgrade("subgraphs.content.migrations", servers.database_url("content"))
    return servers


def main() -> None:
    """As many stories as are asked for, on servers of their own."""
    stories = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        servers = runner.run(_content(Path(folder) / "postgres"))
        try:
            with opened(Path(folder) / "valkey", servers.database_url("content")) as world:
                obeyed(world, stories, 50)
        finally:
            runner.run(servers.stop())


if __name__ == "__main__":
    main()
