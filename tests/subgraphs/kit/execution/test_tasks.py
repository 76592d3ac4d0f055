"""Cancellation, timeouts, context variables and uploads, as under the stock executor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar
from io import BytesIO
from typing import Any

import pytest
import strawberry
from strawberry.file_uploads import Upload
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from subgraphs.kit.execution import together
from tests.subgraphs.kit.execution.both import AT_ONCE, answers, executed_by

WHO: ContextVar[str] = ContextVar("who", default="nobody")


class Context:
    def __init__(self, told: list[Any]) -> None:
        self.told = told
        self.started = asyncio.Event()


Info = strawberry.Info[Context, None]


class Untold(Exception):
    """Nobody can say what this is."""

    def __str__(self) -> str:
        raise RuntimeError("no words for it")


async def _patient_together(items: Sequence[Item], info: Info) -> list[str]:
    info.context.started.set()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        info.context.told.append("together ended")
        raise
    return ["never" for _ in items]


@strawberry.type
class Item:
    name: str
    together: str = strawberry.field(resolver=together(_patient_together))

    @strawberry.field
    async def patient(self, info: Info) -> str:
        info.context.started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            info.context.told.append(f"{self.name} ended")
            raise
        return "never"

    @strawberry.field
    async def hasty(self) -> str | None:
        async with asyncio.timeout(0.001):
            await asyncio.Event().wait()
        return "never"

    @strawberry.field
    async def who(self) -> str:
        before = WHO.get()
        WHO.set(self.name)
        await asyncio.sleep(0)
        return f"{before} then {WHO.get()}"

    @strawberry.field
    async def broken(self) -> str:
        await asyncio.sleep(0)
        raise ValueError("broken")

    @strawberry.field
    async def cancelled(self) -> str:
        raise asyncio.CancelledError

    @strawberry.field
    async def stubborn(self, info: Info) -> str:
        info.context.started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "gone on"
        return "never"

    @strawberry.field
    async def untold(self) -> str | None:
        raise Untold


@strawberry.type
class Query:
    @strawberry.field
    async def items(self, info: Info) -> list[Item | None]:
        WHO.set("the list")
        await asyncio.sleep(0)
        return [Item(name="a"), Item(name="b")]

    @strawberry.field
    def item(self) -> Item:
        return Item(name="a")

    @strawberry.field
    async def read(self, file: Upload) -> str:
        return str(file.read().decode())  # type: ignore[attr-defined]


schema = strawberry.Schema(query=Query)


@pytest.mark.parametrize("executor", [StrawberryGraphQLCoreExecutionContext, AT_ONCE])
async def test_a_cancelled_request_ends_what_it_awaits_before_it_ends(executor: type[Any]) -> None:
    context = Context([])
    with executed_by(schema, executor):
        task = asyncio.create_task(schema.execute("{ items { name patient } }", context_value=context))
        await context.started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert sorted(context.told) == ["a ended", "b ended"]


@pytest.mark.parametrize("executor", [StrawberryGraphQLCoreExecutionContext, AT_ONCE])
async def test_a_resolver_that_is_cancelled_by_itself_cancels_the_request(executor: type[Any]) -> None:
    context = Context([])
    with executed_by(schema, executor), pytest.raises(asyncio.CancelledError):
        await schema.execute("{ items { name cancelled patient } }", context_value=context)


@pytest.mark.parametrize("executor", [StrawberryGraphQLCoreExecutionContext, AT_ONCE])
async def test_it_does_so_at_once_whatever_else_is_awaited(executor: type[Any]) -> None:
    context = Context([])
    with executed_by(schema, executor), pytest.raises(asyncio.CancelledError):
        await schema.execute("{ items { name patient cancelled } }", context_value=context)


@pytest.mark.parametrize("executor", [StrawberryGraphQLCoreExecutionContext, AT_ONCE])
async def test_a_resolver_that_heeds_no_cancellation_does_not_keep_the_request(executor: type[Any]) -> None:
    context = Context([])
    with executed_by(schema, executor):
        task = asyncio.create_task(
            schema.execute("{ items { name stubborn patient } }", context_value=context)
        )
        await context.started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert sorted(context.told) == ["a ended", "b ended"]


@pytest.mark.parametrize("executor", [StrawberryGraphQLCoreExecutionContext, AT_ONCE])
async def test_what_is_resolved_together_ends_with_the_request_as_well(executor: type[Any]) -> None:
    context = Context([])
    with executed_by(schema, executor):
        task = asyncio.create_task(schema.execute("{ item { together stubborn } }", context_value=context))
        await context.started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert context.told == ["together ended"]


async def test_an_error_that_cannot_be_told_leaves_what_is_beside_its_object() -> None:
    stock, compiled = await answers(schema, "{ items { name untold } item { name } }", context=Context)
    assert compiled.data == stock.data
    assert [error[:2] for error in compiled.errors] == [error[:2] for error in stock.errors]


async def test_a_timeout_inside_a_resolver_is_an_error_of_its_field() -> None:
    stock, compiled = await answers(schema, "{ items { name hasty } }", context=Context)
    assert compiled == stock
    assert len(compiled.errors) == 2


async def test_context_variables_come_down_from_where_they_are_set_and_go_no_further() -> None:
    stock, compiled = await answers(schema, "{ items { who again: who } }", context=Context)
    assert compiled == stock


async def test_an_error_ends_what_is_awaited_below_the_null_it_makes() -> None:
    stock, compiled = await answers(schema, "{ items { name broken patient } }", context=Context)
    assert compiled == stock
    assert sorted(compiled.told) == ["a ended", "b ended"]


async def test_an_upload_reaches_its_resolver() -> None:
    query = "query($file: Upload!) { read(file: $file) }"
    for executor in (StrawberryGraphQLCoreExecutionContext, AT_ONCE):
        with executed_by(schema, executor):
            result = await schema.execute(query, {"file": BytesIO(b"bytes")}, context_value=Context([]))
        assert (result.data, result.errors) == ({"read": "bytes"}, None)
