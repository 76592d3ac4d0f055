"""The answers to an operation that defers, in the order in which they can be given."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable
from typing import Any, Literal, TypeAlias

from gateway.execution.errors import ErrorLog
from gateway.execution.exact.completion import Bubble
from gateway.execution.exact.fetching import Fetcher
from gateway.execution.exact.scheduling import run_plan
from gateway.execution.incremental.fragments import DeferringCompletion, Fragment, LaterGroup
from gateway.execution.incremental.layers import LayerCollector
from gateway.execution.incremental.noted import Noted, not_about
from gateway.execution.incremental.parts import PartRun, Parts
from gateway.execution.request import ExecutionRequest
from gateway.planning.operation.deferrals import find_deferrals, heeded
from gateway.supergraph.conditions import TypeConditions

__all__ = ["Format", "execute_incrementally"]

Format: TypeAlias = Literal["20220824", "draft"]
"""``20220824``: a payload for each fragment, with all its fields. ``draft``: no field twice, fragments by id."""


async def execute_incrementally(request: ExecutionRequest, format_: Format) -> AsyncIterator[dict[str, Any]]:
    """The first answer, then what was deferred; ``hasNext`` is in all of them, or in none where nothing is deferred.

    Closing the iterator ends every fetch under way.
    """
    parts = Parts()
    log = ErrorLog()
    fetcher = Fetcher(request, {}, log, parts)
    try:
        if request.plan.node is not None:
            await run_plan(request.plan.node, fetcher)
        delivery = _Draft(request, parts, log) if format_ == "draft" else _Older(request, parts, log)
        yield delivery.first(fetcher.data)
        while delivery.waiting:
            await delivery.until_one_is_ready()
            yield delivery.more()
    finally:
        await parts.close()


class _Delivery(ABC):
    """What the formats have in common; ``waiting`` are the fragments that the client knows it is yet to get."""

    repeating: bool

    def __init__(self, request: ExecutionRequest, parts: Parts, log: ErrorLog) -> None:
        self.request = request
        self.waiting: list[Fragment] = []
        self._parts = parts
        self._log = log
        self._noted = Noted(())
        self._unknown: dict[Fragment, None] = {}
        """Those within fragments that are yet to be answered."""
        self._collector = LayerCollector(
            request.document,
            request.variables,
            TypeConditions(request.supergraph.api_schema),
            heeded(find_deferrals(request.document), request.operation, request.variables),
            repeating=self.repeating,
        )

    def first(self, data: dict[str, Any]) -> dict[str, Any]:
        """The answer without what is deferred."""
        self._noted = Noted(self._log.errors)
        completion = DeferringCompletion(self.request, self._log, self._collector, {})
        made = completion.root(data)
        found = completion.still_there(made, ())
        errors = not_about(self._log.errors, found)
        answer: dict[str, Any] = {**({"errors": errors} if errors else {}), "data": made}
        self._note(found)
        fresh = self._identified(self._announce())
        return {**answer, **self._pending(fresh), "hasNext": True} if self.waiting else answer

    async def until_one_is_ready(self) -> None:
        """Until a fragment can be answered; what failed unforeseen is raised."""
        while not any(self._ready(one) for one in self.waiting):
            tasks = {run.task for one in self.waiting for run in self._runs(one) if not run.task.done()}
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    @abstractmethod
    def more(self) -> dict[str, Any]:
        """Everything that can be answered now."""

    def _identified(self, fresh: list[Fragment]) -> list[Fragment]:
        return fresh

    def _pending(self, fresh: list[Fragment]) -> dict[str, Any]:
        return {}

    def _runs(self, fragment: Fragment) -> list[PartRun]:
        """The fetches it needs: its own, and those of what it lies within, as some parts are fetched with these."""
        needed = (fragment, *fragment.around())
        return [run for one in needed for run in self._parts.at(one.usage.deferral.number, one.path)]

    def _ready(self, fragment: Fragment) -> bool:
        runs = [run for run in self._runs(fragment) if run.task.done()]
        for run in runs:
            run.task.result()
        return len(runs) == len(self._runs(fragment))

    def _take_ready(self) -> list[Fragment]:
        ready = [one for one in self.waiting if self._ready(one)]
        taken = set(ready)
        self.waiting = [one for one in self.waiting if one not in taken]
        return ready

    def _complete(
        self, group: LaterGroup, fragment: Fragment
    ) -> tuple[dict[str, Any] | None, list[dict[str, Any]], list[LaterGroup]]:
        """A group's fields, its errors, and what is deferred within it."""
        log = ErrorLog((self._log, *(run.log for run in self._runs(fragment))))
        completion = DeferringCompletion(self.request, log, self._collector, group.known)
        made: dict[str, Any] | None
        try:
            made = completion.fields(group.parent, group.fields, group.source, group.path)
        except Bubble:
            made = None
        found = completion.still_there(made, group.path)
        errors = self._noted.about(group)
        for run in self._runs(fragment):
            errors += run.noted.about(group, above=True)
        return made, not_about((*errors, *log.errors), found), found

    def _note(self, groups: Iterable[LaterGroup]) -> None:
        """Remember what is to be answered later."""
        for group in groups:
            for fragment in group.fragments:
                if not fragment.groups:
                    self._unknown[fragment] = None
                fragment.groups.append(group)

    def _announce(self) -> list[Fragment]:
        """Fragments of which the client is told now: what they lie within is answered."""
        told: list[Fragment] = []
        while now := [one for one in self._unknown if one.can_be_told()]:
            for one in now:
                del self._unknown[one]
                if one.needs_nothing():
                    one.state = "answered"
                else:
                    told.append(one)
        for one in [one for one in self._unknown if one.is_lost()]:
            del self._unknown[one]
        self.waiting += told
        return told


class _Older(_Delivery):
    """``deferSpec=20220824``, as Apollo's clients speak it."""

    repeating = True

    def more(self) -> dict[str, Any]:
        entries: list[dict[str, Any]] = []
        for fragment in self._take_ready():
            for group in fragment.groups:
                data, errors, found = self._complete(group, fragment)
                entry: dict[str, Any] = {"data": data, "path": list(fragment.path)}
                if fragment.usage.deferral.label is not None:
                    entry["label"] = fragment.usage.deferral.label
                if errors:
                    entry["errors"] = errors
                entries.append(entry)
                fragment.state = "lost" if data is None else "answered"
                self._note(found)
        self._announce()
        return {"incremental": entries, "hasNext": bool(self.waiting)}


class _Draft(_Delivery):
    """The current draft: fragments are announced as ``pending``, and ``completed`` in the end."""

    repeating = False

    def __init__(self, request: ExecutionRequest, parts: Parts, log: ErrorLog) -> None:
        super().__init__(request, parts, log)
        self._count = 0

    def more(self) -> dict[str, Any]:
        entries: list[dict[str, Any]] = []
        completed: list[dict[str, Any]] = []
        for fragment in self._take_ready():
            completed.append(self._answer(fragment, entries))
            self._note(fragment.found)
        over = [one for one in self.waiting if one.needs_nothing()]  # others have answered all of it
        self.waiting = [one for one in self.waiting if not one.needs_nothing()]
        for fragment in over:
            fragment.state = "answered"
            completed.append({"id": fragment.identity})
        made = self._pending(self._identified(self._announce()))
        if entries:
            made["incremental"] = entries
        return {**made, "completed": completed, "hasNext": bool(self.waiting)}

    def _answer(self, fragment: Fragment, entries: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer the fragment's groups, all or none; the entry that completes it."""
        made: list[dict[str, Any]] = []
        found: list[LaterGroup] = []
        left = [group for group in fragment.groups if not group.answered]
        for group in left:
            data, errors, inner = self._complete(group, fragment)
            if data is None:
                fragment.state = "lost"
                return {"id": fragment.identity, "errors": errors}
            made.append(self._entry(group, fragment, data, errors))
            for one in inner:  # what of the fragment is below fields that others want as well
                (left if fragment in one.fragments else found).append(one)
        for group in left:
            group.answered = True
        entries += made
        fragment.state, fragment.found = "answered", found
        return {"id": fragment.identity}

    def _entry(
        self, group: LaterGroup, fragment: Fragment, data: dict[str, Any], errors: list[dict[str, Any]]
    ) -> dict[str, Any]:
        told = [one for one in group.fragments if one.identity is not None and one.state == "waiting"]
        best = max((fragment, *told), key=lambda one: len(one.path))
        entry: dict[str, Any] = {"id": best.identity}
        if len(group.path) > len(best.path):
            entry["subPath"] = list(group.path[len(best.path) :])
        entry["data"] = data
        if errors:
            entry["errors"] = errors
        return entry

    def _identified(self, fresh: list[Fragment]) -> list[Fragment]:
        for fragment in fresh:
            fragment.identity = str(self._count)
            self._count += 1
        return fresh

    def _pending(self, fresh: list[Fragment]) -> dict[str, Any]:
        pending = []
        for fragment in fresh:
            entry: dict[str, Any] = {"id": fragment.identity, "path": list(fragment.path)}
            if fragment.usage.deferral.label is not None:
                entry["label"] = fragment.usage.deferral.label
            pending.append(entry)
        return {"pending": pending} if pending else {}
