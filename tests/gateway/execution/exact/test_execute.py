"""Operations over several subgraphs: what is asked, in which order, and the whole answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from tests.gateway.execution.bookshop import Bookshop

BOOKS = {
    "newBooks": [
        {"isbn": "1", "title": "Emma", "price": 10, "weight": 2},
        None,
        {"isbn": "2", "title": "Persuasion", "price": 7, "weight": None},
    ]
}
AUTHOR = {"__typename": "Person", "id": "p1", "handle": "jane"}


def _opinions(representation: dict[str, Any]) -> dict[str, Any]:
    return {"opinions": [{"id": f"o{representation['isbn']}", "text": "Good", "author": AUTHOR}]}


async def test_one_subgraph_answers_in_the_order_the_client_asked() -> None:
    shop = Bookshop({"books": BOOKS})
    answer = await shop.ask("{ again: newBooks { title isbn __typename } kind: __typename }")
    assert answer == {
        "data": {
            "again": [
                {"title": "Emma", "isbn": "1", "__typename": "Book"},
                None,
                {"title": "Persuasion", "isbn": "2", "__typename": "Book"},
            ],
            "kind": "Query",
        }
    }
    assert list(answer["data"]) == ["again", "kind"]
    assert list(answer["data"]["again"][0]) == ["title", "isbn", "__typename"]


async def test_all_entities_of_a_place_go_into_one_request_and_equal_ones_only_once() -> None:
    shop = Bookshop(
        {"books": BOOKS},
        {"opinions": _opinions, "people": lambda one: {"name": f"Name of {one['id']}"}},
    )
    answer = await shop.ask("{ newBooks { opinions { author { name } } } }")
    known = {"opinions": [{"author": {"name": "Name of p1"}}]}
    assert answer == {"data": {"newBooks": [known, None, known]}}
    assert shop.asked == [
        ("books", {}),
        (
            "opinions",
            {
                "representations": [
                    {"__typename": "Book", "isbn": "1"},
                    {"__typename": "Book", "isbn": "2"},
                ]
            },
        ),
        ("people", {"representations": [{"__typename": "Person", "id": "p1"}]}),
    ]
    assert shop.observed.finished == [
        ("books", "success", 0),
        ("opinions", "success", 2),
        ("people", "success", 1),
    ]


async def test_what_a_field_requires_is_sent_and_a_null_in_it_too() -> None:
    shop = Bookshop({"books": BOOKS}, {"stock": lambda one: {"postage": one["price"] + (one["weight"] or 0)}})
    answer = await shop.ask("{ newBooks { postage } }")
    assert answer == {"data": {"newBooks": [{"postage": 12}, None, {"postage": 7}]}}
    assert shop.asked[1] == (
        "stock",
        {
            "representations": [
                {"__typename": "Book", "isbn": "1", "price": 10, "weight": 2},
                {"__typename": "Book", "isbn": "2", "price": 7, "weight": None},
            ]
        },
    )


async def test_no_request_is_made_for_no_entities() -> None:
    shop = Bookshop({"books": {"newBooks": [None]}})
    assert await shop.ask("{ newBooks { inStock } }") == {"data": {"newBooks": [None]}}
    assert shop.asked == [("books", {})]


async def test_an_entity_a_subgraph_does_not_know_leaves_its_fields_null() -> None:
    shop = Bookshop({"books": {"newBooks": [{"isbn": "1", "title": "Emma"}]}})
    answer = await shop.ask("{ newBooks { title inStock } }")
    assert answer == {"data": {"newBooks": [{"title": "Emma", "inStock": None}]}}


async def test_a_subgraph_gets_only_the_variables_its_operation_uses() -> None:
    shop = Bookshop({"books": BOOKS, "people": {"me": AUTHOR}}, {"opinions": lambda _: {"opinions": []}})
    query = "query Q($n: Int, $m: Int, $no: Boolean!) { newBooks(first: $n) { isbn } me { opinions(first: $m) { id } } "
    answer = await shop.ask(
        query + "more: newBooks @include(if: $no) { isbn } }", {"n": 1, "m": 2, "no": False}
    )
    assert answer == {
        "data": {"newBooks": [{"isbn": "1"}, None, {"isbn": "2"}], "me": {"opinions": []}},
    }
    by_name = dict(shop.asked)
    assert by_name["people"] == {}
    assert by_name["opinions"] == {"m": 2, "representations": [{"__typename": "Person", "id": "p1"}]}


async def test_a_fetch_under_a_false_condition_is_not_made() -> None:
    shop = Bookshop({"books": BOOKS})
    query = "query Q($yes: Boolean!) { newBooks { isbn inStock @include(if: $yes) } }"
    answer = await shop.ask(query, {"yes": False})
    assert answer == {"data": {"newBooks": [{"isbn": "1"}, None, {"isbn": "2"}]}}
    assert shop.asked == [("books", {})]


async def test_mutations_run_in_turn_across_subgraphs() -> None:
    shop = Bookshop(
        {
            "opinions": {
                "addOpinion": lambda _info, isbn, text: {"id": isbn, "text": text},
                "dropOpinion": lambda _info, id: True,  # noqa: A006
            },
            "people": {"rename": lambda _info, name: {"id": "p1", "name": name}},
        }
    )
    answer = await shop.ask(
        'mutation { addOpinion(isbn: "1", text: "x") { id text } rename(name: "J") { name } dropOpinion(id: "3") }'
    )
    assert answer == {
        "data": {
            "addOpinion": {"id": "1", "text": "x"},
            "rename": {"name": "J"},
            "dropOpinion": True,
        }
    }
    assert [name for name, _ in shop.asked] == ["opinions", "people", "opinions"]


async def test_introspection_asks_nobody_and_stands_beside_other_fields() -> None:
    shop = Bookshop({"people": {"me": AUTHOR}})
    query = "query Q($t: String!) { book: __type(name: $t) { ...F } me { handle } } fragment F on __Type { name kind }"
    assert await shop.ask(query, {"t": "Book"}) == {
        "data": {"book": {"name": "Book", "kind": "OBJECT"}, "me": {"handle": "jane"}}
    }
    assert [name for name, _ in shop.asked] == ["people"]
    assert await shop.ask("{ __schema { subscriptionType { name } } }") == {
        "data": {"__schema": {"subscriptionType": {"name": "Subscription"}}}
    }


async def test_each_event_of_a_subscription_is_completed_from_other_subgraphs() -> None:
    event = {"data": {"opinionAdded": {"text": "Good", "author": {"__typename": "Person", "id": "p1"}}}}
    shop = Bookshop(
        {}, {"people": lambda one: {"name": one["id"]}}, events=[event, {"data": {"opinionAdded": None}}]
    )
    answers = [one async for one in shop.listen("subscription { opinionAdded { text author { name } } }")]
    assert answers == [
        {"data": {"opinionAdded": {"text": "Good", "author": {"name": "p1"}}}},
        {"data": {"opinionAdded": None}},
    ]
    assert [name for name, _ in shop.asked] == ["opinions", "people"]
    assert shop.subgraphs["opinions"].closed


async def test_closing_a_subscription_closes_it_at_the_subgraph() -> None:
    events = [{"data": {"opinionAdded": {"text": text}}} for text in ("a", "b")]
    shop = Bookshop({}, events=events)
    answers = shop.listen("subscription { opinionAdded { text } }")
    assert isinstance(answers, AsyncGenerator)
    assert await anext(answers) == {"data": {"opinionAdded": {"text": "a"}}}
    await answers.aclose()
    assert shop.subgraphs["opinions"].closed
    assert shop.observed.finished == [("opinions", "cancelled", 0)]
