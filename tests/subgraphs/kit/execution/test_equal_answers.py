"""Operations over one of everything: the compiled executor answers what the stock one answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import strawberry

from tests.subgraphs.kit.execution.both import AT_ONCE, answers, answers_sync
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
