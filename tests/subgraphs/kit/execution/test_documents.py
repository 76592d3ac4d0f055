"""Documents are parsed and validated once."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError, GraphQLSyntaxError, parse
from strawberry.extensions import DisableValidation, QueryDepthLimiter, SchemaExtension

from subgraphs.kit.execution import DocumentCache
from subgraphs.kit.execution.documents import Documents, documents_of


@strawberry.type
class Query:
    word: str = "word"


def test_a_document_is_parsed_once_and_for_each_set_of_options() -> None:
    documents = Documents()
    assert documents.get("{ word }") is documents.get("{ word }")
    assert documents.get("{ word }") is not documents.get("{ word }", max_tokens=10)


def test_a_broken_document_fails_each_time() -> None:
    documents = Documents()
    for _ in range(2):
        with pytest.raises(GraphQLSyntaxError):
            documents.get("{ word")


def test_documents_are_bounded_by_bytes() -> None:
    documents = Documents(capacity=2500)
    first = documents.get("{ word }")
    assert documents.get("{ word }" + " " * 1000) is not documents.get("{ word }" + " " * 1000)
    assert documents.get("{ word }") is first


async def test_the_extension_parses_and_validates_once_and_answers_as_without_it() -> None:
    schema = strawberry.Schema(query=Query, extensions=[DocumentCache])
    plain = strawberry.Schema(query=Query)
    for query in ("{ word }", "{ nope }", "{ word"):
        for _ in range(2):
            own, without = (
                await schema.execute(query, root_value=Query()),
                await plain.execute(query, root_value=Query()),
            )
            assert (own.data, [str(e) for e in own.errors or ()]) == (
                without.data,
                [str(e) for e in without.errors or ()],
            )
    assert documents_of(schema._schema).get("{ nope }").errors(schema._schema, ()) == []


async def test_rules_that_each_request_brings_anew_are_not_all_kept() -> None:
    made: list[weakref.ref[type]] = []

    def limiter(**_: object) -> QueryDepthLimiter:
        extension = QueryDepthLimiter(max_depth=3)
        made.extend(map(weakref.ref, extension.validation_rules))
        return extension

    schema = strawberry.Schema(query=Query, extensions=[DocumentCache, limiter])
    for _ in range(50):
        assert (await schema.execute("{ word }", root_value=Query())).data == {"word": "word"}
    gc.collect()
    assert len(made) == 50
    assert sum(rule() is not None for rule in made) < 10


class _Watching(SchemaExtension):
    """Writes down each step, and adds to the errors of whoever gets them."""

    steps: list[str]

    def on_operation(self) -> Iterator[None]:
        self.steps = ["operation"]
        yield
        result = self.execution_context.result
        if result is not None and result.errors:
            result.errors[0].message += " (seen)"
            result.errors.append(GraphQLError("one more"))

    def on_parse(self) -> Iterator[None]:
        self.steps.append("parsing")
        yield
        self.steps.append("parsed")

    def get_results(self) -> dict[str, Any]:
        return {"steps": self.steps}


@pytest.mark.parametrize("query", ["{ word", "{ nothing }", "{ word }"])
@pytest.mark.parametrize("first", [True, False])
async def test_other_extensions_see_what_they_see_without_the_cache(query: str, first: bool) -> None:
    cached = [DocumentCache, _Watching] if first else [_Watching, DocumentCache]
    plain = strawberry.Schema(Query, extensions=[_Watching])
    schema = strawberry.Schema(Query, extensions=cached)
    for _ in range(3):
        for ours, theirs in (
            (await schema.execute(query), await plain.execute(query)),
            (schema.execute_sync(query), plain.execute_sync(query)),
        ):
            assert (ours.data, ours.extensions) == (theirs.data, theirs.extensions)
            assert [e.formatted for e in ours.errors or ()] == [e.formatted for e in theirs.errors or ()]


@strawberry.input(one_of=True)
class Either:
    number: int | None = strawberry.UNSET
    word: str | None = strawberry.UNSET


@strawberry.type
class Choosing:
    @strawberry.field
    def choose(self, either: Either) -> str:
        return str(either)


def test_nothing_is_validated_where_validation_is_disabled() -> None:
    query = '{ choose(either: {number: 1, word: "a"}) }'
    plain = strawberry.Schema(Choosing, extensions=[DisableValidation]).execute_sync(query)
    cached = strawberry.Schema(Choosing, extensions=[DisableValidation, DocumentCache]).execute_sync(query)
    assert [e.formatted for e in cached.errors or ()] == [e.formatted for e in plain.errors or ()]
    assert cached.data == plain.data


async def test_a_document_that_another_extension_has_parsed_is_left_as_it_is() -> None:
    class Other(SchemaExtension):
        def on_parse(self) -> Iterator[None]:
            self.execution_context.graphql_document = parse("{ other: word }")
            yield

    for extensions in ([Other, DocumentCache], [DocumentCache, Other]):
        schema = strawberry.Schema(Query, extensions=extensions)
        for query in ("{ word }", "{ word"):
            assert (await schema.execute(query, root_value=Query())).data == {"other": "word"}
