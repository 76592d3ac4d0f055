"""What a large operation costs: in proportion to its fields, and not on the event loop."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
import strawberry
from graphql import default_field_resolver, default_type_resolver, parse
from graphql.execution.values import VariableValues

from subgraphs.kit.execution import CompiledExecutionContext, DocumentCache, Options
from subgraphs.kit.execution.assembly import Assembly
from subgraphs.kit.execution.operations import operations_of
from subgraphs.kit.execution.selections import collect
from tests.subgraphs.kit.execution.both import answer
from tests.subgraphs.kit.execution.library import schema as library


@strawberry.type
class Item:
    id: int = 1
    name: str = "an item"


@strawberry.type
class Query:
    @strawberry.field
    def items(self) -> list[Item]:
        return [Item(), Item()]


def _wide(fields: int) -> str:
    return f"{{ items {{ {' '.join(f'a{i}: name' for i in range(fields))} }} }}"


SHAPES: dict[str, Callable[[int], str]] = {
    "attributes": lambda n: f"{{ books {{ {' '.join(f'a{i}: title' for i in range(n))} }} }}",
    "resolvers": lambda n: f"{{ books {{ {' '.join(f'a{i}: failing' for i in range(n))} }} }}",
    "arguments": lambda n: f"{{ {' '.join(f'a{i}: books(count: {i}) {{ id }}' for i in range(n // 3))} }}",
    "members of a union": lambda n: (
        f"{{ {' '.join(f'a{i}: things {{ ... on Person {{ name }} ... on Book {{ title }} }}' for i in range(n // 7))} }}"
    ),
}


def _executor(schema: strawberry.Schema, query: str, options: Options) -> CompiledExecutionContext:
    (operation,) = parse(query).definitions
    return CompiledExecutionContext.configured(options)(
        schema._schema,
        {},
        {},
        None,
        None,
        operation,
        VariableValues({}, {}),
        default_field_resolver,
        default_type_resolver,
        default_field_resolver,
    )


def _calls(work: Callable[[], Any]) -> int:
    """How many functions of Python this thread calls."""
    calls = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


async def test_the_stock_executor_answers_until_a_thread_has_compiled() -> None:
    options = Options(compile_after=0, at_once=50)
    schema = strawberry.Schema(
        Query,
        execution_context_class=CompiledExecutionContext.configured(options),
        extensions=[DocumentCache],
    )
    query = _wide(100)
    stock = await schema.execute(query)
    operations = operations_of(schema._schema, options)
    assert operations.compiled == 0
    await operations.idle()
    assert operations.compiled == 1
    assert answer(await schema.execute(query)) == answer(stock)


async def test_the_event_loop_looks_at_no_more_of_a_large_operation_than_of_a_small_one() -> None:
    options = Options(compile_after=0, at_once=50)
    operations = operations_of(library._schema, options)
    operations.plan(
        _executor(library, SHAPES["attributes"](99), options)
    )  # whose thread is there from now on
    await operations.idle()
    for shape in SHAPES.values():
        small, large = (_executor(library, shape(fields), options) for fields in (100, 1_900))
        assert _calls(lambda: operations.plan(large)) < 1.5 * _calls(lambda: operations.plan(small))  # noqa: B023
    await operations.idle()


def test_without_an_event_loop_nobody_waits_elsewhere() -> None:
    options = Options(compile_after=0, at_once=50)
    assert operations_of(library._schema, options).plan(
        _executor(library, SHAPES["attributes"](100), options)
    )


async def test_few_operations_wait_for_the_thread_and_the_others_for_their_next_use() -> None:
    options = Options(compile_after=0, at_once=10)
    operations = operations_of(library._schema, options)
    executors = [_executor(library, SHAPES["resolvers"](20), options) for _ in range(10)]
    for expected in (8, 10):
        for executor in executors:
            operations.plan(executor)
        await operations.idle()
        assert operations.compiled == expected


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_compiling_costs_in_proportion(shape: Callable[[int], str]) -> None:
    """The text, and the calls made to write it; what is compiled in one go is bounded."""
    sizes, calls = [], []
    for fields in (900, 1_800):
        executor = _executor(library, shape(fields), Options())
        assembly = Assembly(library._schema)
        query: Any = library._schema.query_type
        calls.append(_calls(lambda: assembly.object(collect(executor, query, 2_000, 40))))  # noqa: B023
        texts = list(assembly.code.texts())
        sizes.append(sum(map(len, texts)))
        assert max(map(len, texts)) < 20_000
    assert calls[1] < 2.1 * calls[0] < 900 * 200
    assert sizes[1] < 2.2 * sizes[0] < 900 * 300
