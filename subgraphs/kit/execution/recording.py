"""Every field of one operation told to a recorder, plain attributes too: for traces, at the stock executor's pace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from graphql import GraphQLResolveInfo, is_introspection_type
from graphql.execution import MiddlewareManager
from strawberry.execution import optimized_is_awaitable

__all__ = ["RECORDER", "Recorder", "recorded_by", "recording"]


class Recorder(Protocol):
    """Who wants to know of each field."""

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds, from any beginning."""
        ...

    def field(
        self, info: GraphQLResolveInfo[Any], began: float, ended: float, error: BaseException | None
    ) -> None:
        """Told once for each field resolved, introspection apart, when its value is there or it has failed."""
        ...


RECORDER: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


@contextmanager
def recorded_by(recorder: Recorder | None) -> Iterator[None]:
    """Within this, operations tell their fields to the recorder, and run on the stock executor."""
    token = RECORDER.set(recorder)
    try:
        yield
    finally:
        RECORDER.reset(token)


def recording(recorder: Recorder, others: MiddlewareManager | None) -> MiddlewareManager:
    """What stands round each resolver of one execution: within what stood there before."""
    clock, tell = recorder.clock, recorder.field

    async def finish(work: Awaitable[Any], info: GraphQLResolveInfo[Any], began: float) -> Any:
        try:
            result = await work
        except BaseException as error:
            tell(info, began, clock(), error)
            raise
        tell(info, began, clock(), None)
        return result

    def resolve(
        next_: Callable[..., Any], source: Any, info: GraphQLResolveInfo[Any], **arguments: Any
    ) -> Any:
        if info.field_name.startswith("__") or is_introspection_type(info.parent_type):
            return next_(source, info, **arguments)
        began = clock()
        try:
            result = next_(source, info, **arguments)
        except BaseException as error:
            tell(info, began, clock(), error)
            raise
        if optimized_is_awaitable(result):
            return finish(result, info, began)
        tell(info, began, clock(), None)
        return result

    return MiddlewareManager(resolve, *(others.middlewares if others else ()))
