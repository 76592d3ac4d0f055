"""Operations over one of everything: the compiled executor answers what the stock one answers."""

from __future__ import annotations

import gc
import weakref
from collections.abc import AsyncIterator, Callable
from copy import copy
from dataclasses import replace
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from subgraphs.kit.execution import DocumentCache, timed
from subgraphs.kit.execution.admission import MOST_CLASSES
from tests.subgraphs.kit.execution.both import AT_ONCE, Calls, answers, answers_sync
from tests.subgraphs.kit.execution.library import Context, schema

BOOK = "id title pages price inPrint colour published worth shelves author { id name nick }"

QUERIES = {
    "nothing but attributes": f"{{ books {{ {BOOK} }} }}",
    "aliases and repeated fields": "{ a: books { t: title title } b: books(count: 1) { title } a: books { pages } }",
    "type names": "{ __typename t: __typename books { __typename author { __typename } } }",
    "fragments": "{ books { ...F ... on Node { id } ... { pages } } } fragment F on Book { title ...G } "
    "fragment G on Node { kind id }",
    "resolvers below lists": "{ books { title sequels { title sequels { id colour } } author { where } } }",
    "flawed leaves": f"{{ flawedBooks {{ {BOOK} }} }}",
    "flawed leaves beside resolvers": f"{{ flawedBooks {{ {BOOK} kind }} }}",
    "an error that leaves a list null": "{ books { title } hardBooks { title } }",
    "an error that leaves no data, at once": "{ books { title } nothing }",
    "strange values": "{ books { title strange } }",
    "errors raised": "{ books { title failing } }",
    "errors raised later": "{ flawedBooks { id failingLater } }",
    "errors raised later below what may not be null": "{ books { id failingLater } }",
    "errors returned": "{ books { id returnedError } }",
    "coercion": "{ loose { name number } }",
    "foreign objects": "{ plain { name number } untyped { title } }",
    "generators": "{ generated { name number } streamed { name } }",
    "lists of promises": "{ promised { name number } }",
    "promises in attributes": "{ attributePromised { name number } }",
    "unions": "{ things { __typename ... on Person { name friend { name } } ... on Book { title pages } "
    "... on Plain { number } } }",
    "pure unions": "{ things { __typename ... on Node { id } ... on Plain { name } } }",
    "wrong types in unions": "{ wrongThings { __typename ... on Person { name } } }",
    "interfaces": "{ nodes { id kind ... on Book { title } } }",
    "pure interfaces": "{ nodes { __typename id ... on Person { nick } } }",
    "casts": "{ cast { __typename id ... on Person { secret } } }",
    "generics": "{ boxes { label content } boxOfPerson { label content { name friend { id } } } }",
    "unions of generics": "{ anyBox { ... on IntBox { label i: content } ... on StrBox { label s: content } } }",
    "types that decide for themselves": "{ odd { odd } notOdd { odd } }",
    "permissions": "{ books { title author { secret } } }",
    "permissions later": "{ books { author { name lateSecret friends { lateSecret } } } }",
    "permissions on attributes": "{ books { blurb } }",
    "field extensions": "{ books { author { loud } } }",
    "info": "{ books { author { where wanted friends(first: 1) { where } } } p: person(number: 3) { w: where } }",
    "loaders": "{ people(numbers: [1, 2, 3]) { name friend { name friend { name } } sureFriend { id } } }",
    "loaders of one and of many": "{ person(number: 1) { friend { friend { name } } } people(numbers: [4, 5]) { name } }",
    "loaders that fail": "{ people(numbers: [1, 95, 89]) { name friend { name } } }",
    "loaders that fail where nothing may be null": "{ a: people(numbers: [1, 61]) { name sureFriend { name } } "
    "b: surePerson(number: 2) { name } }",
    "loaders that leave no data": "{ person(number: 1) { name } surePerson(number: 99) { name } }",
    "arguments": "{ books(count: 2) { author { friends(first: 3) { name } } } }",
    "arguments that cannot be taken": "{ people(numbers: [1]) { friends(first: null) { name } } }",
    "introspection": '{ __type(name: "Book") { name fields { name } } __schema { queryType { name } } books { id } }',
    "unset": "{ unset }",
    "conditions, literally": "{ books { id @skip(if: true) title @include(if: true) } }",
    "error propagation off": "query @experimental_disableErrorPropagation { hardBooks { title } }",
    "mutations": 'mutation { a: write(word: "one") { name friend { name } } b: write(word: "two") { where } }',
    "an unknown field": "{ books { nope } }",
    "a broken document": "{ books {",
}


@pytest.mark.parametrize("name", QUERIES)
async def test_an_operation_is_answered_as_by_the_stock_executor(name: str) -> None:
    stock, compiled = await answers(schema, QUERIES[name], context=Context)
    assert compiled == stock


@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("include", [True, False])
async def test_conditions_have_a_plan_for_each_of_their_values(skip: bool, include: bool) -> None:
    query = """query($skip: Boolean!, $include: Boolean = true, $n: Int!) {
        books(count: $n) { id title @skip(if: $skip) ...F @include(if: $include) } }
        fragment F on Book { pages kind @skip(if: $skip) }"""
    variables = {"skip": skip, "include": include, "n": 2}
    stock, compiled = await answers(schema, query, variables, context=Context)
    assert compiled == stock


@pytest.mark.parametrize("variables", [{}, {"n": None}, {"n": "x"}, {"n": 3}])
async def test_variables_that_cannot_be_taken_fail_alike(variables: dict[str, Any]) -> None:
    query = "query($n: Int!) { books(count: $n) { title } }"
    stock, compiled = await answers(schema, query, variables, context=Context)
    assert compiled == stock


async def test_the_operation_asked_for_is_the_one_that_runs() -> None:
    query = "query A { books { id } } query B { books { title } }"
    for name in ("A", "B", None):
        stock, compiled = await answers(schema, query, context=Context, operation_name=name)
        assert compiled == stock


async def test_these_operations_do_run_compiled() -> None:
    before = AT_ONCE.runs
    await answers(schema, QUERIES["loaders"], context=Context)
    assert AT_ONCE.runs == before + 2


def test_an_operation_without_awaiting_runs_where_there_is_no_event_loop() -> None:
    stock, compiled = answers_sync(schema, QUERIES["flawed leaves beside resolvers"])
    assert compiled == stock


async def test_a_root_value_is_the_source_of_the_roots_attributes() -> None:
    @strawberry.type
    class Query:
        name: str
        number: int | None

    class Root:
        name = "root"
        number = "seven"

    stock, compiled = await answers(strawberry.Schema(query=Query), "{ name number }", root=Root())
    assert compiled == stock


@strawberry.type
class _Box:
    numbers: list[int]


INCREMENTAL = {
    "a list": ("{ numbers @stream(initialCount: 1) later }", {}),
    "a list below others": ("{ boxes { numbers @stream } }", {}),
    "a count below nothing": ("{ numbers @stream(initialCount: -1) }", {}),
    "what a variable leaves": (
        "query($now: Boolean!) { numbers @stream(if: $now) ... @defer(if: $now) { later } }",
        {"now": True},
    ),
    "what a variable takes away": (
        "query($now: Boolean!) { numbers @stream(if: $now) ... @defer(if: $now) { later } }",
        {"now": False},
    ),
}


async def _parts(schema: strawberry.Schema, query: str, variables: dict[str, Any]) -> list[Any]:
    result: Any = await schema.execute(query, variables)
    if not hasattr(result, "subsequent_results"):
        return [result.data, [error.message for error in result.errors or ()]]
    return [result.initial_result.formatted, *[part.formatted async for part in result.subsequent_results]]


@pytest.mark.parametrize("name", INCREMENTAL)
async def test_what_is_deferred_or_streamed_comes_in_the_parts_that_stock_makes(name: str) -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        def numbers(self) -> list[int]:
            return [1, 2, 3]

        @strawberry.field
        async def later(self) -> int:
            return 4

        @strawberry.field
        def boxes(self) -> list[_Box]:
            return [_Box(numbers=[1, 2])]

    query, variables = INCREMENTAL[name]
    schema = strawberry.Schema(
        query=Query,
        config=StrawberryConfig(enable_experimental_incremental_execution=True),
        extensions=[DocumentCache],
    )
    stock = await _parts(schema, query, variables)
    schema.execution_context_class = AT_ONCE
    if "now" in variables:
        await _parts(schema, query, {"now": not variables["now"]})
    for _ in range(2):
        assert await _parts(schema, query, variables) == stock


class _Unhashable(type):
    __hash__ = None  # type: ignore[assignment]

    def __eq__(cls, other: object) -> bool:
        return cls is other


class _OfUnhashable(metaclass=_Unhashable):
    pass


class _OfNoClass:
    @property
    def __class__(self) -> type[Any]:
        raise RuntimeError("no class")

    @__class__.setter
    def __class__(self, value: type[Any]) -> None:
        raise RuntimeError("no class")


@pytest.mark.parametrize("make", [_OfUnhashable, _OfNoClass])
@pytest.mark.parametrize("is_timed", [True, False])
async def test_a_value_whose_class_cannot_be_looked_at_fails_its_own_field(
    make: Callable[[], Any], is_timed: bool
) -> None:
    @strawberry.type
    class Query:
        fine: int = 1

        @strawberry.field
        def odd(self) -> str | None:
            return make()  # type: ignore[no-any-return]

    schema = strawberry.Schema(query=Query)
    if is_timed:
        field = schema._schema.query_type.fields["odd"]  # type: ignore[union-attr]
        field.resolve = timed(field.resolve, Calls())
    stock, compiled = await answers(schema, "{ odd fine }", root=Query())
    assert compiled == stock
    assert len(compiled.errors) == 1


async def test_values_of_classes_made_at_run_time_are_let_go() -> None:
    made: list[weakref.ref[Any]] = []

    @strawberry.type
    class Query:
        @strawberry.field
        def word(self) -> str:
            cls = type("Word", (str,), {})
            made.append(weakref.ref(cls))
            return cls("word")  # type: ignore[no-any-return]

    schema = strawberry.Schema(query=Query, extensions=[DocumentCache], execution_context_class=AT_ONCE)
    field = schema._schema.query_type.fields["word"]  # type: ignore[union-attr]
    field.resolve = timed(field.resolve, Calls())
    for _ in range(2 * MOST_CLASSES):
        await schema.execute("{ word }")
    gc.collect()
    assert sum(cls() is not None for cls in made) <= MOST_CLASSES + 1


async def test_an_info_can_be_replaced_by_one_that_is_changed() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        def word(self, info: strawberry.Info) -> str:
            other = replace(info, _raw_info=info._raw_info._replace(field_name="another"))
            return f"{other.field_name} {other.python_name} {other.context} {copy(info).field_name}"

    stock, compiled = await answers(strawberry.Schema(query=Query), "{ word }")
    assert compiled == stock
    assert not compiled.errors


async def test_a_condition_without_a_value_is_no_failure_to_compile(caplog: pytest.LogCaptureFixture) -> None:
    query = "query($all: Boolean = true) { books { id title @include(if: $all) } }"
    stock, compiled = await answers(schema, query, {"all": None}, context=Context)
    assert compiled == stock
    assert compiled.errors
    assert not [record for record in caplog.records if record.name.startswith("subgraphs")]


def test_a_subscription_that_is_executed_at_once_is_answered_as_by_stock() -> None:
    @strawberry.type
    class Query:
        one: int = 1

    @strawberry.type
    class Subscription:
        @strawberry.subscription
        async def numbers(self) -> AsyncIterator[int]:
            yield 1

    schema = strawberry.Schema(query=Query, subscription=Subscription)
    stock, compiled = answers_sync(schema, "subscription { numbers }")
    assert compiled == stock
    assert compiled.errors
