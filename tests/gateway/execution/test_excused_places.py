"""What is told once, or not at all: one error that empties a whole fetch, and entities that are not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphql import get_operation_ast, parse

from gateway.execution import ExecutionRequest, execute
from gateway.execution.errors import ErrorLog
from gateway.planning import Planner
from gateway.supergraph import load_supergraph
from gateway.transport.protocol import SubgraphAnswer
from tests.gateway.execution.bookshop import Observed
from tests.gateway.execution.test_failures import Canned

_SDL = (Path(__file__).parents[1] / "planning" / "supergraphs" / "bookshop.graphql").read_text()


def test_an_excused_place_and_all_below_it_need_no_error_of_their_own() -> None:
    log = ErrorLog()
    log.add({"message": "too often", "path": ["second"]})
    log.excuse(("first",))
    explained = [log.explains(path) for path in [("first",), ("first", "name"), ("second",), ("third",)]]
    assert explained == [True, True, True, False]
    assert len(log.errors) == 1


async def _ask(books: str) -> Any:
    """What ``{ newBooks { isbn inStock } }`` answers where stock has but the first and inStock is non-null."""
    sdl = _SDL.replace("inStock: Boolean ", "inStock: Boolean! ").replace(
        "newBooks(first: Int): [Book]", books
    )
    supergraph = load_supergraph(sdl)
    document = parse("{ newBooks { isbn inStock } }")
    operation = get_operation_ast(document)
    assert operation is not None
    there = SubgraphAnswer(
        {"newBooks": [{"__typename": "Book", "isbn": "1"}, {"__typename": "Book", "isbn": "2"}]}
    )
    stock = SubgraphAnswer({"_entities": [{"inStock": True}, None]})
    request = ExecutionRequest(
        supergraph=supergraph,
        plan=Planner(supergraph).plan(document, None),
        document=document,
        operation=operation,
        variables={},
        transports={"books": Canned(there), "stock": Canned(stock)},
        headers_for=lambda *_: {},
        observer=Observed(),
    )
    return await execute(request)


async def test_an_entity_that_its_subgraph_does_not_have_is_null_and_no_error() -> None:
    assert await _ask("newBooks: [Book]") == {"data": {"newBooks": [{"isbn": "1", "inStock": True}, None]}}


async def test_where_no_place_may_be_null_the_data_is_and_an_error_says_so() -> None:
    answer = await _ask("newBooks: [Book!]!")
    assert answer["data"] is None
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["INVALID_SUBGRAPH_RESPONSE"]
