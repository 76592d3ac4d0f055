"""Entering a schema directly answers what its own execute does."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError

from subgraphs.kit.execution import CompiledExecutionContext, DirectEntry, DocumentCache
from tests.subgraphs.kit.execution.both import answer


@strawberry.type
class Query:
    @strawberry.field
    async def word(self, info: strawberry.Info[list[str], None], times: int = 1) -> str:
        info.context.append("called")
        return "word" * times

    @strawberry.field
    def failing(self) -> str:
        raise ValueError("no word")


@strawberry.type
class Mutation:
    @strawberry.mutation
    def say(self) -> str:
        return "said"


def _schema(*extensions: type[SchemaExtension]) -> strawberry.Schema:
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        extensions=extensions,
        execution_context_class=CompiledExecutionContext,
    )


@pytest.mark.parametrize(
    ("query", "variables", "name"),
    [
        ("{ word }", None, None),
        ("query($n: Int!) { word(times: $n) }", {"n": 2}, None),
        ("query($n: Int!) { word(times: $n) }", {"n": "x"}, None),
        ("{ word failing }", None, None),
        ("mutation { say }", None, None),
        ("query A { word } query B { failing }", None, "B"),
        ("query A { word } query B { failing }", None, None),
        ("{ nope }", None, None),
        ("{ word", None, None),
    ],
)
async def test_the_answer_is_that_of_execute(query: str, variables: dict[str, Any] | None, name: str) -> None:
    schema = _schema(DocumentCache)
    entry = DirectEntry(schema)
    for _ in range(3):
        own = await schema.execute(query, variables, context_value=[], operation_name=name)
        direct = await entry.execute(query, variables, context_value=[], operation_name=name)
        assert answer(direct) == answer(own)


async def test_an_empty_name_is_that_of_no_operation_as_with_execute() -> None:
    schema = _schema(DocumentCache)
    for execute in (schema.execute, DirectEntry(schema).execute):
        with pytest.raises(CannotGetOperationTypeError):
            await execute("{ word }", context_value=[], operation_name="")


async def test_what_is_compiled_runs_without_an_executor_until_something_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    make = CompiledExecutionContext.__init__

    def count(self: CompiledExecutionContext, *args: Any, **options: Any) -> None:
        make(self, *args, **options)
        made.append(self.operation.name.value if self.operation.name else "")

    monkeypatch.setattr(CompiledExecutionContext, "__init__", count)
    schema = _schema(DocumentCache)
    entry = DirectEntry(schema)
    for name in ("Fine", "Wrong"):
        query = f"query {name} {{ {'word' if name == 'Fine' else 'failing'} }}"
        for _ in range(3):  # what is entered the second time is compiled, which an executor does
            await entry.execute(query, context_value=[])
        made.clear()
        result = await entry.execute(query, context_value=[])
        own = await schema.execute(query, context_value=[])
        assert answer(result) == answer(own)
        assert made == (["Fine"] if name == "Fine" else ["Wrong", "Wrong"])


class _Context(list[str]):
    """One that can be referred to weakly."""


async def test_what_a_request_held_goes_with_it_and_does_not_wait_for_the_collector() -> None:
    entry = DirectEntry(_schema(DocumentCache))
    gc.disable()
    try:
        for _ in range(3):
            context = _Context()
            held = weakref.ref(context)
            await entry.execute("{ word }", context_value=context)
            del context
            assert held() is None
    finally:
        gc.enable()


async def test_an_unknown_operation_raises_as_execute_does() -> None:
    schema = _schema(DocumentCache)
    with pytest.raises(Exception) as own:
        await schema.execute("query A { word }", operation_name="B")
    with pytest.raises(type(own.value), match=str(own.value)):
        await DirectEntry(schema).execute("query A { word }", operation_name="B")


async def test_a_schema_with_an_extension_of_its_own_is_not_entered_directly() -> None:
    seen: list[str] = []

    class Noting(SchemaExtension):
        def on_execute(self) -> Any:
            seen.append("before")
            yield
            seen.append("after")

    result = await DirectEntry(_schema(DocumentCache, Noting)).execute("{ word }", context_value=[])
    assert (result.data, seen) == ({"word": "word"}, ["before", "after"])


async def test_an_answer_in_parts_is_given_as_execute_gives_it() -> None:
    config = StrawberryConfig(enable_experimental_incremental_execution=True)
    schema = strawberry.Schema(
        Query, config=config, extensions=[DocumentCache], execution_context_class=CompiledExecutionContext
    )
    query = "{ word ... @defer { later: word } }"
    for _ in range(3):
        found = []
        for execute in (DirectEntry(schema).execute, schema.execute):
            result: Any = await execute(query, context_value=[])
            found.append([result.initial_result.data, *[part async for part in result.subsequent_results]])
        assert repr(found[0]) == repr(found[1])
        assert len(found[0]) > 1
