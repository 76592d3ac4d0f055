"""Documents are parsed and validated once."""

from __future__ import annotations

import gc
import weakref

import pytest
import strawberry
from graphql import GraphQLSyntaxError
from strawberry.extensions import QueryDepthLimiter

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
