"""One execution under way: what is awaited, and whom an error that may not stay where it is makes null.

Every awaitable is a task of its own, started as soon as it is met, with no barrier between levels; one that
is alone goes on in the task that met it. So nothing starts later than under the stock executor, and the keys
a DataLoader gets in one tick are at least as many.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from graphql import GraphQLError
from graphql.pyutils import Path

from subgraphs.kit.execution.timing import Tally, Watch

if TYPE_CHECKING:
    from subgraphs.kit.execution.arguments import Arguments
    from subgraphs.kit.execution.gathered import TogetherStep
    from subgraphs.kit.execution.places import Place

__all__ = ["Frame", "Pending", "Run", "Waiting"]

_GRACE = 2
"""Ticks between a null and the end of what is awaited below it: enough for what has been made to start."""


class Frame:
    """A place that may become null, with what is awaited below it."""

    __slots__ = ("container", "dead", "key", "linked", "members", "parent", "path")

    def __init__(self, parent: Frame | None, container: Any, key: str | int, path: Path | None) -> None:
        self.parent = parent
        self.container = container
        self.key = key
        self.path = path
        self.dead = False
        self.linked = False
        self.members: list[Frame | asyncio.Task[None]] | None = None

    def add(self, task: asyncio.Task[None]) -> None:
        """Remember the task here, and this frame in those above."""
        member: Frame | asyncio.Task[None] = task
        frame: Frame | None = self
        while frame is not None:
            if frame.members is None:
                frame.members = []
            frame.members.append(member)
            if frame.linked:
                return
            frame.linked = True
            member, frame = frame, frame.parent

    def gone(self) -> bool:
        """Whether this or a place above it has become null."""
        frame: Frame | None = self
        while frame is not None:
            if frame.dead:
                return True
            frame = frame.parent
        return False


class Pending(NamedTuple):
    """A value to come, and where its completion goes."""

    awaitable: Any
    place: Place
    completed: bool
    """Whether what comes needs no completion any more."""
    container: Any
    key: str | int
    path: Path
    frame: Frame
    tally: Tally | None = None
    """Who is told when it has come, if the call it came from is timed."""
    began: float = 0.0


class Waiting(NamedTuple):
    """One of the objects for which a field is resolved together, and where its value goes."""

    source: Any
    answer: dict[str, Any]
    path: Path
    frame: Frame


Together: TypeAlias = "tuple[TogetherStep, list[Waiting]]"
"""A field, and the objects for which it is resolved at once."""


class Run:
    """The state of one execution."""

    __slots__ = (
        "_broken",
        "_cancelled",
        "_several",
        "_tasks",
        "_waiter",
        "answer",
        "arguments",
        "executor",
        "gathered",
        "met",
        "nulled",
        "root",
        "watch",
    )

    def __init__(self, executor: Any, watch: Watch) -> None:
        self.executor = executor
        """An Executor, or what stands for one."""
        self.watch = watch
        self.answer: dict[str, Any] = {"data": None}
        self.root = Frame(None, self.answer, "data", None)
        self.met: list[Pending] = []
        """Met since the last look, not started yet."""
        self.gathered: dict[TogetherStep, list[Waiting]] = {}
        """Likewise, what is resolved together."""
        self.nulled = False
        """Whether an error has nulled a place; what was met below it is no longer waited for."""
        self._tasks: list[asyncio.Task[None]] = []
        self._several = False
        """Whether several objects were gone on with at once, which are no tasks."""
        self._cancelled: set[asyncio.Task[None]] = set()
        self._waiter: asyncio.Future[None] | None = None
        self._broken: BaseException | None = None
        """What ends the whole run: no error of a field, and no end that was put to what lay below a null."""
        self.arguments: dict[Arguments, dict[str, Any]] = {}
        """Those that vary from run to run."""

    async def settle(self) -> None:
        """Await everything, and what comes of it. Cancelled, or when something was that nobody here ended, it cancels
        all of it, as ``asyncio.gather`` does: whoever takes no heed of that does not keep the others."""
        tasks = self._tasks
        index = 0
        try:
            await self._go_on(self._next())
            while index < len(tasks):  # it grows meanwhile
                task = tasks[index]
                index += 1
                if not task.done():
                    await self._until_done(task)
                if self._broken is not None:
                    raise self._broken
                if task not in self._cancelled:
                    task.result()
        except BaseException:
            await self._end()
            raise

    async def _until_done(self, task: asyncio.Task[None]) -> None:
        """Or until another is broken. Not by awaiting it: a cancellation would be told to it alone."""
        self._waiter = waiter = asyncio.get_running_loop().create_future()
        task.add_done_callback(self._wake)
        try:
            await waiter
        finally:
            self._waiter = None

    def _wake(self, _: object = None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def discard(self) -> None:
        """After the part that needs no event loop: what lies below a nulled place is not waited for."""
        if self.nulled and self.met:
            met, self.met = self.met, []
            self.met = self._living(met)

    def bubble(self, error: GraphQLError, frame: Frame) -> None:
        """Null the nearest place that may be null, and end what is still awaited below it.

        Not at once, where there is anything else: under the stock executor the error takes its time to
        come up, what was to start in this tick starts, and what fails meanwhile is told too.
        """
        if self._tasks or self._several:
            self._tasks.append(asyncio.get_running_loop().create_task(self._null_later(error, frame)))
        else:
            self._null(error, frame)

    async def _null_later(self, error: GraphQLError, frame: Frame) -> None:
        await asyncio.sleep(0)
        self._null(error, frame)
        for _ in range(_GRACE):
            await asyncio.sleep(0)
        self._cancel_below(frame)

    def _null(self, error: GraphQLError, frame: Frame) -> None:
        self.executor.collected_errors.add(error, frame.path)
        frame.container[frame.key] = None
        frame.dead = self.nulled = True

    def _cancel_below(self, frame: Frame) -> None:
        frames = [frame]
        while frames:
            for member in frames.pop().members or ():
                if isinstance(member, Frame):
                    frames.append(member)
                elif not member.done():
                    self._cancelled.add(member)
                    member.cancel()

    async def _go_on(self, going: Pending | Together | None, *, heeded: bool = True) -> None:
        """Wait for this, then for what is met with it, as long as that is one thing."""
        try:
            while going is not None:
                if not isinstance(going, Pending):
                    await going[0].settle(self, going[1])
                    going = self._next()
                    continue
                awaitable, place, completed, container, key, path, frame, tally, began = going
                try:
                    value = await awaitable
                    if tally is not None:
                        self.watch.succeeded(tally, tally.clock() - began)
                        tally = None
                    if completed:
                        container[key] = value
                    else:
                        place.settle(self, value, container, key, path, frame)
                except BaseException as error:
                    if tally is not None:
                        tally.failed(tally.clock() - began, self.watch.trace)
                    if not isinstance(error, Exception):
                        raise
                    place.failed_late(self, error, container, key, path, frame)
                going = self._next()
        except BaseException as error:
            if heeded and asyncio.current_task() not in self._cancelled:
                self._broken = error
                self._wake()
            raise

    def _next(self) -> Pending | Together | None:
        """The one thing met, for this task to go on with; of several, each becomes a task."""
        met, gathered = self.met, self.gathered
        if not met and not gathered:
            return None
        self.met, self.gathered = [], {}
        if self.nulled:
            met, gathered = self._living(met), _living(gathered)
        if not met and len(gathered) == 1:
            (together,) = gathered.items()
            self._several = self._several or len(together[1]) > 1
            return together
        create_task = asyncio.get_running_loop().create_task
        self._tasks += [create_task(self._go_on(together)) for together in gathered.items()]
        if len(met) == 1 and not gathered:
            return met[0]
        for pending in met:
            task = create_task(self._go_on(pending))
            self._tasks.append(task)
            pending.frame.add(task)
        return None

    def _living(self, met: list[Pending]) -> list[Pending]:
        """Those still waited for. The others run on unheeded, as they do under the stock executor."""
        living = [pending for pending in met if not pending.frame.gone()]
        if len(living) < len(met):
            lost = [pending for pending in met if pending.frame.gone()]
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                self.executor.settle_in_background([pending.awaitable for pending in lost])
            else:
                self.executor.settle_in_background([self._go_on(pending, heeded=False) for pending in lost])
        return living

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _living(gathered: dict[TogetherStep, list[Waiting]]) -> dict[TogetherStep, list[Waiting]]:
    """Those still waited for."""
    living = {step: [w for w in waiting if not w.frame.gone()] for step, waiting in gathered.items()}
    return {step: waiting for step, waiting in living.items() if waiting}
