"""Resolvers timed and counted, once a call, whichever executor makes it.

Where a resolver is ``timed``, the stock executor calls a wrapper of it; compiled code looks through the wrapper
and does the same between the calls it makes anyway, at a third of the cost.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, NamedTuple, Protocol

from strawberry.execution import optimized_is_awaitable

from subgraphs.kit.execution.shadow import shadowing

__all__ = ["WATCH", "Tally", "Timed", "Watch", "counted", "timed", "timing_of", "within"]

Resolver = Callable[..., Any]


class Observe(Protocol):
    """Takes in how long calls took."""

    def __call__(self, seconds: float, trace: str | None, times: int = 1) -> None:
        """``times`` calls of this long, of this trace where it is sampled."""
        ...


class Took(Protocol):
    """Takes in how long calls took that came to a value."""

    def append(self, seconds: float, /) -> None:
        """One more; a list's own method is the fastest there is."""
        ...


class Tally(Protocol):
    """What is known of the calls of one resolver; compared by identity."""

    executions: int
    """Calls."""
    operations: int
    """Operations with at least one."""

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds, from any beginning."""
        ...

    @property
    def took(self) -> Took:
        """Each call that came to a value, in seconds, where the operation's trace is not sampled."""
        ...

    @property
    def settle(self) -> Callable[[], None]:
        """Called every few operations: what was told is put where it belongs, if it is much."""
        ...

    @property
    def succeeded(self) -> Observe:
        """Told of each call that came to a value: seconds, and the operation's trace where that is sampled."""
        ...

    @property
    def failed(self) -> Observe:
        """Told, likewise, of each that raised or was cancelled."""
        ...


_SETTLED_EVERY = 8
"""Operations."""


class Watch:
    """One operation, as those see it who count what it does. Under way it notes what it calls; at its end, ``close``, all
    of that is counted at once, which is less than half of what it costs to count each when it is called first."""

    __slots__ = ("called", "trace")

    def __init__(self, trace: str | None) -> None:
        self.trace = trace
        """The trace the operation is part of, where it is sampled."""
        self.called: dict[Tally, bool] = {}
        """What it has called. What is called when it is over, below a place that is null, is no operation more."""

    def count(self, tally: Tally, calls: int = 1) -> None:
        """So many more calls."""
        tally.executions += calls
        self.called[tally] = True

    def succeeded(self, tally: Tally, seconds: float) -> None:
        """A call came to a value."""
        if self.trace is None:
            tally.took.append(seconds)
        else:
            tally.succeeded(seconds, self.trace)

    def close(self) -> None:
        """The operation is over."""
        for tally in self.called:
            operations = tally.operations = tally.operations + 1
            if not operations % _SETTLED_EVERY:
                tally.settle()


WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)
"""The operation under way; None under another execution context class, where operations are not counted."""


def counted(tally: Tally) -> str | None:
    """Count one call in the operation under way; its trace, where that is sampled."""
    watch = WATCH.get()
    if watch is None:
        tally.executions += 1
        return None
    watch.count(tally)
    return watch.trace


async def within(watch: Watch, result: Awaitable[Any]) -> Any:
    """The same result, awaited under the operation's watch, which ends with it."""
    token = WATCH.set(watch)
    try:
        return await result
    finally:
        WATCH.reset(token)
        watch.close()


class Timed(NamedTuple):
    """What is inside a wrapper that ``timed`` made."""

    tally: Tally
    resolve: Resolver


_MARK = "_compiled_execution_times"


def timed(resolve: Resolver, tally: Tally) -> Resolver:
    """A ``GraphQLField.resolve`` like this one, each call of which is told to the tally."""
    clock, succeeded, failed = tally.clock, tally.succeeded, tally.failed

    async def finish(work: Awaitable[Any], began: float, trace: str | None) -> Any:
        try:
            result = await work
        except BaseException:
            failed(clock() - began, trace)
            raise
        succeeded(clock() - began, trace)
        return result

    def call(source: Any, info: Any, **arguments: Any) -> Any:
        if shadowing():
            return resolve(source, info, **arguments)
        trace = counted(tally)
        began = clock()
        try:
            result = resolve(source, info, **arguments)
        except BaseException:
            failed(clock() - began, trace)
            raise
        if optimized_is_awaitable(result):
            return finish(result, began, trace)
        succeeded(clock() - began, trace)
        return result

    setattr(call, _MARK, Timed(tally, resolve))
    return call


def timing_of(resolve: Any) -> Timed | None:
    """What ``timed`` was given; None where this is not of its making."""
    found = getattr(resolve, _MARK, None)
    return found if isinstance(found, Timed) else None
