"""Subgraphs that fail in part or in whole: what is null then, and what the client is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.transport.protocol import (
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphTransport,
    SubgraphUnavailable,
)
from tests.gateway.execution.bookshop import Bookshop

BOOKS = {"newBooks": [{"isbn": "1", "title": "Emma"}, {"isbn": "2", "title": "Persuasion"}, {"isbn": "1"}]}


class Canned(SubgraphTransport):
    """A transport that gives one answer, or fails."""

    def __init__(self, given: SubgraphAnswer | Exception) -> None:
        self.given = given

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        """The answer."""
        if isinstance(self.given, Exception):
            raise self.given
        return self.given

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        """One event."""
        yield await self.execute(request)

    async def close(self) -> None:
        """Nothing is held."""


def _failure(
    message: str, code: str, *path: str | int, service: str = "stock", **more: Any
) -> dict[str, Any]:
    return {"message": message, "path": list(path), "extensions": {"code": code, **more, "service": service}}


async def test_a_subgraph_that_is_away_leaves_its_fields_null_and_the_rest_goes_on() -> None:
    away = SubgraphUnavailable("stock", "no answer in time", code="SUBREQUEST_TIMEOUT")
    shop = Bookshop({"books": BOOKS}, transports={"stock": Canned(away)})
    assert await shop.ask("{ newBooks { isbn inStock } }") == {
        "errors": [
            _failure("Subgraph 'stock' did not answer: no answer in time", "SUBREQUEST_TIMEOUT", "newBooks")
        ],
        "data": {"newBooks": [{"isbn": isbn, "inStock": None} for isbn in ("1", "2", "1")]},
    }
    assert shop.observed.finished == [("books", "success", 0), ("stock", "unavailable", 2)]


async def test_a_root_fetch_that_fails_is_told_at_each_of_its_fields() -> None:
    away = SubgraphUnavailable("books", "gone", code="SUBREQUEST_HTTP_ERROR")
    shop = Bookshop({"people": {"me": {"id": "p", "name": "J"}}}, transports={"books": Canned(away)})
    answer = await shop.ask("{ a: newBooks { isbn } me { name } }")
    message = "Subgraph 'books' did not answer: gone"
    assert answer == {
        "errors": [_failure(message, "SUBREQUEST_HTTP_ERROR", "a", service="books")],
        "data": {"a": None, "me": {"name": "J"}},
    }


async def test_an_error_of_an_entity_is_told_at_every_place_it_stands() -> None:
    error = {
        "message": "Out",
        "path": ["_entities", 0, "inStock"],
        "locations": [{"line": 1, "column": 2}],
        "extensions": {"code": "OUT", "hint": "x", "stacktrace": ["secret"]},
    }
    given = SubgraphAnswer({"_entities": [{"inStock": None}, {"inStock": True}]}, [error])
    shop = Bookshop({"books": BOOKS}, transports={"stock": Canned(given)})
    assert await shop.ask("{ newBooks { inStock } }") == {
        "errors": [
            _failure("Out", "OUT", "newBooks", 0, "inStock", hint="x"),
            _failure("Out", "OUT", "newBooks", 2, "inStock", hint="x"),
        ],
        "data": {"newBooks": [{"inStock": None}, {"inStock": True}, {"inStock": None}]},
    }
    assert shop.observed.finished[-1] == ("stock", "errors", 2)


async def test_an_error_without_a_code_or_a_path_gets_those_of_its_fetch() -> None:
    shop = Bookshop({"books": BOOKS}, transports={"stock": Canned(SubgraphAnswer(None, [{"message": "x"}]))})
    assert (await shop.ask("{ newBooks { inStock } }"))["errors"] == [
        _failure("x", "DOWNSTREAM_SERVICE_ERROR", "newBooks")
    ]


async def test_too_few_entities_are_an_error_and_not_taken_for_others() -> None:
    given = SubgraphAnswer({"_entities": [{"inStock": True}]})
    shop = Bookshop({"books": BOOKS}, transports={"stock": Canned(given)})
    message = "Subgraph 'stock' answered with not one entity for each representation"
    assert await shop.ask("{ newBooks { inStock } }") == {
        "errors": [_failure(message, "SUBREQUEST_MALFORMED_RESPONSE", "newBooks")],
        "data": {"newBooks": [{"inStock": None}] * 3},
    }


async def test_a_null_where_none_may_be_takes_its_object_and_is_told_once() -> None:
    books = {"newBooks": [{"isbn": None, "title": "a"}, {"isbn": "2", "title": "b"}]}
    shop = Bookshop({}, transports={"books": Canned(SubgraphAnswer(books))})
    assert await shop.ask("{ newBooks { isbn title } }") == {
        "errors": [
            {
                "message": "Cannot return null for non-nullable field Book.isbn.",
                "path": ["newBooks", 0, "isbn"],
                "extensions": {"code": "INVALID_SUBGRAPH_RESPONSE"},
            }
        ],
        "data": {"newBooks": [None, {"isbn": "2", "title": "b"}]},
    }


async def test_a_null_that_a_subgraphs_error_explains_is_not_told_again() -> None:
    error = {"message": "x", "path": ["newBooks", 0, "isbn"], "extensions": {"code": "X"}}
    given = SubgraphAnswer({"newBooks": [{"isbn": None}]}, [error])
    shop = Bookshop({}, transports={"books": Canned(given)})
    assert await shop.ask("{ newBooks { isbn } }") == {
        "errors": [_failure("x", "X", "newBooks", 0, "isbn", service="books")],
        "data": {"newBooks": [None]},
    }


async def test_a_value_of_the_wrong_kind_is_null_and_told_and_a_lenient_one_is_converted() -> None:
    books = {"newBooks": [{"price": 3.0, "title": 5}, {"price": "much", "title": "x"}, "no object"]}
    shop = Bookshop({}, transports={"books": Canned(SubgraphAnswer(books))})
    code = {"code": "INVALID_SUBGRAPH_RESPONSE"}
    assert await shop.ask("{ newBooks { price title } }") == {
        "errors": [
            {
                "message": "A subgraph's value for Book.price is not a valid Int.",
                "path": ["newBooks", 1, "price"],
                "extensions": code,
            },
            {
                "message": "A subgraph's value for Query.newBooks is not an object.",
                "path": ["newBooks", 2],
                "extensions": code,
            },
        ],
        "data": {"newBooks": [{"price": 3, "title": "5"}, {"price": None, "title": "x"}, None]},
    }


async def test_a_subscription_that_fails_ends_with_what_happened() -> None:
    away = SubgraphUnavailable("opinions", "gone", code="SUBREQUEST_WEBSOCKET_ERROR")
    shop = Bookshop({}, transports={"opinions": Canned(away)})
    answers = [one async for one in shop.listen("subscription { opinionAdded { text } }")]
    message = "Subgraph 'opinions' did not answer: gone"
    assert answers == [
        {
            "errors": [_failure(message, "SUBREQUEST_WEBSOCKET_ERROR", "opinionAdded", service="opinions")],
            "data": {"opinionAdded": None},
        }
    ]
    assert shop.observed.finished == [("opinions", "unavailable", 0)]


@pytest.mark.parametrize("name", [None, 7, ["Book"], "Person", "Nope"])
async def test_an_object_that_says_it_is_of_another_type_is_no_books_to_ask_for(name: Any) -> None:
    books = {"newBooks": [{"__typename": name, "isbn": "1"}, {"isbn": "2"}]}
    shop = Bookshop({}, transports={"books": Canned(SubgraphAnswer(books))})
    assert await shop.ask("{ newBooks { isbn inStock } }") == {
        "data": {"newBooks": [{"isbn": "1", "inStock": None}, {"isbn": "2", "inStock": None}]}
    }
    assert shop.asked == []
