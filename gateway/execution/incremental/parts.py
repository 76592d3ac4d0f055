"""Deferred parts of a plan while they run: each starts as soon as the fetches that it depends on have ended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from gateway.execution.errors import ErrorLog
from gateway.execution.exact.fetching import Fetcher
from gateway.execution.exact.scheduling import run_plan
from gateway.execution.incremental.noted import Noted
from gateway.execution.places import ResponsePath
from gateway.planning.plan import DeferNode, DeferredNode, FetchNode, Path, PlanNode, fetches_of

__all__ = ["PartRun", "Parts"]

_Key: TypeAlias = tuple[int, Path]


@dataclass(frozen=True)
class PartRun:
    """One deferred part: its task, and the errors of its fetches."""

    task: asyncio.Task[None]
    log: ErrorLog

    @cached_property
    def noted(self) -> Noted:
        """The errors by where they are, once the task has ended."""
        return Noted(self.log.errors)


class Parts:
    """All deferred parts of one answer, by the number of their ``@defer`` and their place."""

    def __init__(self) -> None:
        self._ended: dict[str, asyncio.Event] = {}
        self._runs: dict[_Key, list[PartRun]] = {}

    async def defer(self, node: DeferNode, fetcher: Fetcher) -> None:
        """Run the primary part; the others go on in tasks of their own."""
        for one in node.deferred:
            self._start(one, fetcher)
        await self._run((), node.primary, fetcher)

    def ended(self, fetch: FetchNode) -> None:
        """A fetch has ended: what waits for it may start."""
        if fetch.id is not None:
            self._event(fetch.id).set()

    def at(self, number: int, path: ResponsePath) -> list[PartRun]:
        """The parts of that ``@defer`` which fetch for the object at ``path``."""
        return self._runs.get((number, tuple("@" if isinstance(step, int) else step for step in path)), [])

    async def close(self) -> None:
        """End what still runs."""
        tasks = [run.task for runs in self._runs.values() for run in runs]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, node: DeferredNode, fetcher: Fetcher) -> None:
        log = ErrorLog()
        later = Fetcher(fetcher.request, fetcher.data, log, self)
        whole = node.node
        primary = whole.primary if isinstance(whole, DeferNode) else whole
        run = PartRun(asyncio.create_task(self._run(node.depends, primary, later)), log)
        self._runs.setdefault((node.number, node.path), []).append(run)
        if isinstance(whole, DeferNode):
            for one in whole.deferred:  # they wait for fetches, not for what is around them
                self._start(one, fetcher)

    async def _run(self, depends: Iterable[str], node: PlanNode | None, fetcher: Fetcher) -> None:
        for one in depends:
            await self._event(one).wait()
        if node is not None:
            await run_plan(node, fetcher)
            for fetch in fetches_of(node):  # those that a condition left out do not end otherwise
                self.ended(fetch)

    def _event(self, identity: str) -> asyncio.Event:
        return self._ended.setdefault(identity, asyncio.Event())
