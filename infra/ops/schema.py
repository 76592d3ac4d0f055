"""The operators' own schema: it is no part of the graph, so that nothing of it is in the graph's."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from gateway.edge.identity.caller import Caller
from infra.ops.ask import MOST_ROWS, Ask, Line, Sort
from infra.ops.snapshot import Grid, OpsSnapshot
from infra.ops.watching import Ops

__all__ = ["SCHEMA", "Watcher"]

_LONGEST = 200
"""Characters of a text that is looked for."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who asks, and of what: the context of an operation."""

    ops: Ops
    caller: Caller


Info: TypeAlias = strawberry.Info[Watcher, Any]


@strawberry.input(description="Which rows, in which order, and of what the rest is.")
class OpsInput:
    """All of it may be left out."""

    sort: Sort = Sort.P95
    reverse: bool = False
    search: str = ""
    service: str = ""
    first: int = 50
    offset: int = 0
    resolver: str = ""
    operation: str = ""
    trace: str = ""

    def ask(self) -> Ask:
        """Within bounds."""
        return Ask(
            sort=self.sort,
            reverse=self.reverse,
            search=self.search[:_LONGEST],
            service=self.service,
            first=max(0, min(self.first, MOST_ROWS)),
            offset=max(0, self.offset),
            resolver=self.resolver,
            operation=self.operation,
            trace=self.trace,
        )


@strawberry.type
class Query:
    """Once."""

    @strawberry.field(description="As of now.")
    async def ops(self, info: Info, given: OpsInput | None = None) -> OpsSnapshot:
        return await info.context.ops.snapshot((given or OpsInput()).ask(), info.context.caller)


@strawberry.type
class Subscription:
    """As long as it is wanted."""

    @strawberry.subscription(description="Now, and each time there is something new.")
    async def ops(self, info: Info, given: OpsInput | None = None) -> AsyncIterator[OpsSnapshot]:
        snapshots = info.context.ops.watch((given or OpsInput()).ask(), info.context.caller)
        async with contextlib.aclosing(snapshots):  # type: ignore[type-var] # an async generator
            async for snapshot in snapshots:
                yield snapshot


def _as_it_is(value: object) -> object:
    return value


_SCALARS: dict[object, ScalarDefinition] = {
    Line: strawberry.scalar(name="Line", description="A number or null a column.", serialize=_as_it_is),
    Grid: strawberry.scalar(name="Grid", description="Numbers by column and row.", serialize=_as_it_is),
}
SCHEMA = strawberry.Schema(Query, subscription=Subscription, config=StrawberryConfig(scalar_map=_SCALARS))
