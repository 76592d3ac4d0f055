"""The cache's law as a machine: reads, fills, narrowings, publishers and Redis, stopped anywhere, killed, cut off, and full.

Two processes of the content domain work on one post, on a real PostgreSQL and a real Valkey, and a third looks; each is
paused where the others may come in between: a reader before and after it asks the database, a writer between its commit
and its tombstones, and while it waits for who may not know, a publisher before and after a tombstone. A post only ever
becomes narrower, so an old row is one that was made private. No read begun after a mutation's answer sees it. Nor does
another domain, whose own copies get no event in any story, miss what Redis was told by whoever could reach it.

``python -m tests.subgraphs.kit.cache.cache_law 2000`` tries as many stories; the suite tries a few.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

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

from infra.local import LocalServers
from subgraphs.content.models import POST, Post
from subgraphs.kit.cache.trust import LOOK_SECONDS, TRUST_SECONDS
from subgraphs.kit.database.migrations import upgrade
from subgraphs.kit.errors import Unavailable
from tests.subgraphs.kit.cache.cache_world import Looking, Pause, Process, World, begun, opened

__all__ = ["obeyed"]

_PROCESSES = 2


class _Law(RuleBasedStateMachine):
    """One story."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self._answered = 1
        self._told = 0
        """The version that Redis was told of last, and has not lost."""
        self._lost = 1
        """The last one of which it may not know, or no more: that a post is published takes nothing from anybody."""
        self._reads: list[tuple[asyncio.Task[int], Pause, int, tuple[int, str]]] = []
        self._writes: list[tuple[asyncio.Task[int], Pause]] = []
        self._processes: list[Process] = []
        self._post = uuid4()

    @initialize()
    def a_post_is_published(self) -> None:
        service = f"law-{uuid4().hex[:8]}"

        async def publish() -> None:
            self._processes += [Process(service, self._world) for _ in range(_PROCESSES)]
            self._processes.append(Process(service, self._world, Looking))
            for process in self._processes:
                await process.open()
            async with self._processes[0].database.write() as tx:
                tx.add(Post(id=self._post, author_id=uuid4(), body="b"), POST)
            for process in self._processes:
                await process.publisher.publish_batch()
                assert process.trust.held()

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

    @rule(process=st.integers(0, _PROCESSES - 1))
    def a_post_is_read(self, process: int) -> None:
        under_way = [place for *_, place in self._reads]
        for kind in ("row", "value"):
            if (process, kind) not in under_way:
                assert self._world.run(self._processes[process].read(kind, self._post)) >= self._answered

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
    @rule(
        process=st.integers(0, _PROCESSES - 1),
        where=st.sampled_from(["before the tombstone", "while it waits"]),
    )
    def a_narrowing_is_committed(self, process: int, where: str) -> None:
        task, pause = self._begun(self._processes[process].narrow(self._post), where)
        if task.done():
            self._answered = max(self._answered, task.result())
        else:
            self._writes.append((task, pause))

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
        self._redis_has_lost_all()

    @precondition(lambda self: self._world.up)
    @rule()
    def redis_is_full_and_lets_go_of_all(self) -> None:
        async def full() -> None:
            client = self._processes[-1].link.client
            await client.config_set("maxmemory-eviction-tenacity", 100)  # all at once, however long it takes
            await client.config_set("maxmemory", 1)
            await client.ping()  # before each command it makes room, if it can
            await client.config_set("maxmemory", 0)

        self._world.run(full())
        self._redis_has_lost_all()

    @precondition(lambda self: not self._world.up)
    @rule()
    def redis_starts_again(self) -> None:
        self._world.start_redis()
        for process in self._processes:
            if process.door.open:
                self._world.run(process.open())

    @rule(process=st.integers(0, _PROCESSES - 1))
    def redis_is_cut_off_from_one(self, process: int) -> None:
        self._world.run(self._processes[process].door.shut())

    @precondition(lambda self: len(self._writes) < 2)
    @rule(process=st.integers(0, _PROCESSES - 1), where=st.sampled_from(["while it waits", "nowhere"]))
    def one_that_is_cut_off_narrows_what_another_reads(self, process: int, where: str) -> None:
        self.a_post_is_read(1 - process)
        self.redis_is_cut_off_from_one(process)
        self.a_narrowing_is_committed(process, where)

    @rule(
        seconds=st.sampled_from([LOOK_SECONDS, TRUST_SECONDS]),
        idle=st.sets(st.integers(0, _PROCESSES), max_size=1),
    )
    def time_passes_and_they_look(self, seconds: float, idle: set[int]) -> None:
        self._world.time.now += seconds
        for process in set(range(_PROCESSES + 1)) - idle:
            self.the_outbox_is_published(process)

    @rule()
    def all_is_well_again(self) -> None:
        if not self._world.up:
            self._world.start_redis()
        for process in self._processes:
            self._world.run(process.open())
        self.time_passes_and_they_look(LOOK_SECONDS, set())

    @invariant()
    def no_read_sees_what_was_narrowed(self) -> None:
        async def look() -> list[int]:
            return [await self._processes[-1].read(kind, self._post) for kind in ("row", "value")]

        if self._processes:
            assert min(self._world.run(look())) >= self._answered

    @invariant()
    def other_domains_see_what_redis_was_told(self) -> None:
        if not self._processes:
            return
        looking = self._processes[-1]
        version, all_sent = self._world.run(looking.written(self._post))
        told = [*(p.told for p in self._processes), version if all_sent else 0]
        self._told = max(self._told, *(t if t > self._lost else 0 for t in told))
        withdrawn, blocked = self._world.run(looking.noticed(self._post))
        if self._told:
            assert self._told <= withdrawn <= version
            assert blocked is (withdrawn % 2 == 0)

    def _redis_has_lost_all(self) -> None:
        self._told = 0
        self._lost, _ = self._world.run(self._processes[-1].written(self._post))

    def teardown(self) -> None:
        async def end() -> None:
            for task in [*(read[0] for read in self._reads), *(write[0] for write in self._writes)]:
                await _killed(task)
            for process in self._processes:
                await process.close()

        self._world.run(end())
        if not self._world.up:
            self._world.start_redis()  # each story begins with one

    def _begun(self, work: Any, where: str) -> tuple[asyncio.Task[Any], Pause]:
        found: tuple[asyncio.Task[Any], Pause] = self._world.run(begun(work, where))
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
