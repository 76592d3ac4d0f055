"""When an operation runs compiled, and when the stock executor has it."""

from __future__ import annotations

from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult

from subgraphs.kit.execution import (
    CompiledExecutionContext,
    Difference,
    DocumentCache,
    Options,
    shadowing,
    warm,
)
from subgraphs.kit.execution.assembly import Plan
from subgraphs.kit.execution.timing import Watch
from tests.subgraphs.kit.execution.both import executed_by


@strawberry.type
class Item:
    id: int
    name: str = "an item"


def _schema(called: list[bool]) -> strawberry.Schema:
    @strawberry.type
    class Query:
        @strawberry.field
        def items(self, n: int = 2) -> list[Item]:
            called.append(shadowing())
            return [Item(id=i) for i in range(n)]

        @strawberry.field
        async def later(self) -> Item:
            called.append(shadowing())
            return Item(id=len(called))

    @strawberry.type
    class Mutation:
        @strawberry.mutation
        def make(self) -> Item:
            called.append(shadowing())
            return Item(id=1)

    return strawberry.Schema(query=Query, mutation=Mutation, extensions=[DocumentCache])


def _counting(options: Options) -> tuple[type[CompiledExecutionContext], list[Plan]]:
    ran: list[Plan] = []

    class Counting(CompiledExecutionContext):
        def _execute(self, plan: Plan, watch: Watch) -> Any:
            ran.append(plan)
            return super()._execute(plan, watch)

    return Counting.configured(options), ran


async def _runs(options: Options, *queries: str) -> int:
    schema = _schema([])
    context, ran = _counting(options)
    with executed_by(schema, context):
        for query in queries:
            result = await schema.execute(query)
            assert result.errors is None
    return len(ran)


QUERY = "query Items { items { id name } }"


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        (Options(), 2),
        (Options(compile_after=0), 3),
        (Options(enabled=False), 0),
        (Options(compile_after=0, stock_operations=frozenset({"Items"})), 0),
        (Options(compile_after=0, stock_operations=frozenset({"Others"})), 3),
        (Options(compile_after=0, most_fields=3), 0),
        (Options(compile_after=0, most_fields=5), 3),
        (Options(compile_after=0, deepest=0), 0),
        (Options(compile_after=0, cache_bytes=100), 3),
    ],
)
async def test_an_operation_runs_compiled_where_the_options_let_it(options: Options, runs: int) -> None:
    assert await _runs(options, QUERY, QUERY, QUERY) == runs


async def test_mutations_run_on_the_stock_executor() -> None:
    assert await _runs(Options(compile_after=0), "mutation { make { id } }") == 0


async def test_a_document_is_compiled_for_itself_alone() -> None:
    queries = ("{ items { id } }", "{ items { name } }") * 2
    assert await _runs(Options(), *queries) == 2


async def test_a_shadow_run_compares_and_does_not_change_the_answer() -> None:
    told: list[Difference] = []
    called: list[bool] = []
    schema = _schema(called)
    options = Options(compile_after=0, shadow_rate=1.0, on_difference=told.append)
    with executed_by(schema, CompiledExecutionContext.configured(options)):
        result = await schema.execute("query Same { items { id } }")
        differing = await schema.execute("query Differing { later { id } }")
        await schema.execute("mutation { make { id } }")
    assert (result.data, differing.data) == ({"items": [{"id": 0}, {"id": 1}]}, {"later": {"id": 3}})
    assert called == [False, True, False, True, False]
    assert [(d.operation, d.compiled.data, d.stock.data) for d in told] == [
        ("Differing", {"later": {"id": 3}}, {"later": {"id": 4}})
    ]


async def test_a_shadow_run_is_drawn_by_its_rate() -> None:
    draws = iter([0.2, 0.05, 0.9])
    called: list[bool] = []
    schema = _schema(called)
    options = Options(compile_after=0, shadow_rate=0.1, draw=lambda: next(draws))
    with executed_by(schema, CompiledExecutionContext.configured(options)):
        for _ in range(3):
            await schema.execute("{ items { id } }")
    assert called == [False, False, True, False]


async def test_a_shadow_run_sees_the_variables_before_anything_was_changed() -> None:
    told: list[Difference] = []

    @strawberry.federation.type(keys=["id"])
    class Thing:
        id: int

        @classmethod
        async def resolve_reference(cls, id: int) -> Thing:  # noqa: A002
            return cls(id=id)

    @strawberry.type
    class Query:
        ok: bool = True

    options = Options(compile_after=0, shadow_rate=1.0, on_difference=told.append)
    schema = strawberry.federation.Schema(
        query=Query, types=[Thing], execution_context_class=CompiledExecutionContext.configured(options)
    )
    result = await schema.execute(
        "query($r: [_Any!]!) { _entities(representations: $r) { ... on Thing { id } } }",
        {"r": [{"__typename": "Thing", "id": 4}]},
    )
    assert (result.data, result.errors, told) == ({"_entities": [{"id": 4}]}, None, [])


async def test_a_difference_is_logged_without_the_answers(caplog: pytest.LogCaptureFixture) -> None:
    options = Options()
    options.on_difference(Difference("Op", ExecutionResult({"secret": 1}), ExecutionResult({"secret": 2})))
    assert "Op" in caplog.text
    assert "secret" not in caplog.text


async def test_an_extension_that_resolves_has_the_stock_executor() -> None:
    class Tracing(strawberry.extensions.SchemaExtension):
        def resolve(self, _next: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
            seen.append(info.field_name)
            return _next(root, info, *args, **kwargs)

    seen: list[str] = []
    schema = _schema([])
    schema.extensions = (Tracing,)
    context, ran = _counting(Options(compile_after=0))
    with executed_by(schema, context):
        await schema.execute("{ items(n: 1) { id } }")
    assert (seen, ran) == (["items", "id"], [])


def test_a_persisted_operation_is_compiled_before_it_is_used() -> None:
    schema = _schema([])
    queries = [
        "{ items { id } }",
        "query A { items { id } } query B { later { id } }",
        "{ broken",
        "{ nope }",
    ]
    assert warm(schema, queries) == 0
    context, ran = _counting(Options())
    schema.execution_context_class = context
    assert warm(schema, queries) == 3
    assert schema.execute_sync("{ items { id } }").data == {"items": [{"id": 0}, {"id": 1}]}
    assert len(ran) == 1
