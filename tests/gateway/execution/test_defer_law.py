"""The law of ``@defer``: whatever is deferred, all parts together are the answer without it, key by key."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
    is_required_argument,
    parse,
    specified_rules,
    validate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.execution import Format
from gateway.supergraph import accepting_defer
from tests.gateway.execution.federated import Federated, Obj
from tests.gateway.execution.parts import assembled

_SDLS = {
    "catalogue": """
        type Query { books: [Book!]! top: Item nothing: Book hits: [Hit] stats: Stats broken: [Book!] }
        interface Item { id: ID! name: String }
        union Hit = Book | Person
        type Book implements Item @key(fields: "id") { id: ID! name: String price: Float author: Person twin: Book }
        type Person implements Item @key(fields: "id") { id: ID! name: String @shareable }
        type Stats { total: Int best: Book inner: Stats }
        """,
    "reviews": """
        type Query { reviews: [Review!]! }
        type Review @key(fields: "id") { id: ID! text: String book: Book writer: Person }
        type Book @key(fields: "id") { id: ID! reviews: [Review!] stars: Float! }
        type Person @key(fields: "id") { id: ID! reviews: [Review!] }
        """,
    "stock": """
        type Book @key(fields: "id") { id: ID! price: Float @external cheap: Boolean @requires(fields: "price") left: Int! }
        """,
}


def _graph() -> Federated:
    people: list[Obj] = [{"__typename": "Person", "id": f"p{n}", "name": f"P{n}"} for n in range(2)]
    books: list[Obj] = [
        {
            "__typename": "Book", "id": f"b{n}", "name": f"B{n}", "price": n + 0.5, "author": people[n % 2],
            "stars": 1.5, "cheap": n < 1, "left": n if n < 2 else None,
        }
        for n in range(3)
    ]  # fmt: skip
    for book in books:
        book["twin"] = books[0]
    reviews: list[Obj] = [
        {"__typename": "Review", "id": f"r{n}", "text": "t", "book": books[n], "writer": people[0]}
        for n in range(3)
    ]
    for number, book in enumerate(books):
        book["reviews"] = [reviews[number]]
    for person in people:
        person["reviews"] = reviews[:1]
    stats: Obj = {"total": 3, "best": books[1]}
    stats["inner"] = {"total": 1, "best": None, "inner": None}
    root: Obj = {
        "books": books, "top": people[1], "nothing": None, "hits": [books[0], None, people[0]], "stats": stats,
        "broken": [books[0], None], "reviews": reviews,
    }  # fmt: skip
    return Federated(_SDLS, root, {"Book": books, "Person": people, "Review": reviews})


_GRAPH = _graph()
_SCHEMA = accepting_defer(_GRAPH.supergraph.api_schema)


@st.composite
def _selections(draw: st.DrawFn, type_name: str, depth: int) -> str:
    kind = _SCHEMA.type_map[type_name]
    parts: list[str] = []
    fields = kind.fields if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else {}
    for _ in range(draw(st.integers(1, 4))):
        choice = draw(st.integers(0, 9))
        if choice < 4 and depth > 0:
            types = [type_name]
            if not isinstance(kind, GraphQLObjectType):
                types += [one.name for one in _SCHEMA.get_possible_types(kind)]  # type: ignore[arg-type]
            condition = draw(st.sampled_from([None, *types]))
            below = draw(_selections(condition or type_name, depth - 1))
            defer = draw(
                st.sampled_from(
                    ["", " @defer", " @defer", " @defer(if: $yes)", " @skip(if: $no)", " @include(if: $no)"]
                )
            )
            parts.append(f"...{f' on {condition}' if condition else ''}{defer} {{ {below} }}")
            continue
        leaves = [name for name, one in fields.items() if not is_composite_type(get_named_type(one.type))]
        if not fields or choice == 9:
            parts.append("__typename")
        elif depth == 0 or choice < 6:
            parts.append(draw(st.sampled_from(leaves)) if leaves else "__typename")
        else:
            name = draw(st.sampled_from(sorted(fields)))
            named = get_named_type(fields[name].type)
            assert not any(is_required_argument(one) for one in fields[name].args.values())
            text = f"{draw(st.sampled_from(['', '', 'x: ']))}{name}"
            if is_composite_type(named):
                text += f" {{ {draw(_selections(named.name, depth - 1))} }}"
            parts.append(text)
    return " ".join(parts)


@settings(max_examples=60)
@given(st.data(), st.sampled_from(["20220824", "draft"]))
def test_all_parts_together_are_the_answer_without_deferring(data: st.DataObject, format_: Format) -> None:
    query = f"query ($yes: Boolean = true, $no: Boolean = false) {{ {data.draw(_selections('Query', 4))} }}"
    rules = [rule for rule in specified_rules if "Unused" not in rule.__name__]
    if validate(_SCHEMA, parse(query), rules):
        return
    whole = asyncio.run(_GRAPH.ask(query))
    assert whole["data"] == _GRAPH.monolith(query)["data"]
    parts = asyncio.run(_GRAPH.ask_in_parts(query, format_))
    if not _errors(whole) and not any(map(_errors, parts)):
        assert assembled(parts, format_) == whole["data"]
    else:
        assert bool(_errors(whole)) == any(map(_errors, parts))


@settings(max_examples=60)
@given(st.data())
def test_the_draft_is_answered_as_graphql_core_answers_it(data: st.DataObject) -> None:
    query = f"query ($yes: Boolean = true, $no: Boolean = false) {{ {data.draw(_selections('Query', 3))} }}"
    rules = [rule for rule in specified_rules if "Unused" not in rule.__name__]
    if validate(_SCHEMA, parse(query), rules):
        return
    ours = asyncio.run(_GRAPH.ask_in_parts(query, "draft"))
    theirs = asyncio.run(_GRAPH.monolith_in_parts(query))
    if any(map(_errors, theirs)):
        assert any(map(_errors, ours))
    else:
        assert _told(ours) == _told(theirs)


def _told(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """What is told, whenever: the first data, each piece with its place, and where fragments are that have pieces.

    Which of several fragments a common piece is told for depends on which is ready first.
    """
    pending = [entry for part in parts for entry in part.get("pending", ())]
    paths = {entry["id"]: entry["path"] for entry in pending}
    pieces = [entry for part in parts for entry in part.get("incremental", ())]
    completed = [entry["id"] for part in parts for entry in part.get("completed", ())]
    assert sorted(completed) == sorted(paths)
    told = {entry["id"] for entry in pieces}
    return {
        "data": json.dumps(parts[0]["data"]),
        "pending": sorted({str(one["path"]) for one in pending if one["id"] in told}),
        "pieces": sorted(
            str(([*paths[one["id"]], *one.get("subPath", ())], json.dumps(one["data"]))) for one in pieces
        ),
    }


def _errors(part: dict[str, Any]) -> bool:
    inner = (*part.get("incremental", ()), *part.get("completed", ()))
    return bool(part.get("errors")) or any(one.get("errors") for one in inner)


async def test_what_is_below_a_field_that_two_fragments_want_is_answered_with_its_own_fragment() -> None:
    query = "{ ... @defer { stats { best { cheap } } } ... @defer { stats { total } } }"
    assert await _GRAPH.ask_in_parts(query, "draft") == [
        {"data": {}, "pending": [{"id": "0", "path": []}, {"id": "1", "path": []}], "hasNext": True},
        {
            "incremental": [
                {"id": "0", "data": {"stats": {}}},
                {"id": "0", "subPath": ["stats"], "data": {"best": {"cheap": False}}},
                {"id": "1", "subPath": ["stats"], "data": {"total": 3}},
            ],
            "completed": [{"id": "0"}, {"id": "1"}],
            "hasNext": False,
        },
    ]


async def test_a_fragment_within_one_that_has_no_fields_waits_for_its_own_fetch() -> None:
    query = "{ ... @defer { ... @include(if: false) { stats { total } } ... @defer { stats { total } } } }"
    assert await _GRAPH.ask_in_parts(query, "draft") == [
        {"data": {}, "pending": [{"id": "0", "path": []}], "hasNext": True},
        {
            "incremental": [{"id": "0", "data": {"stats": {"total": 3}}}],
            "completed": [{"id": "0"}],
            "hasNext": False,
        },
    ]


@pytest.mark.parametrize("format_", ["20220824", "draft"])
async def test_deep_and_wide_deferring_is_answered(format_: Format) -> None:
    query = "name"
    for _ in range(24):
        query = f"id ... @defer {{ twin {{ {query} }} ... @defer {{ author {{ name }} }} }}"
    query = f"{{ books {{ {query} }} }}"
    parts = await _GRAPH.ask_in_parts(query, format_)
    assert assembled(parts, format_) == (await _GRAPH.ask(query))["data"]
