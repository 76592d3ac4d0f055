"""Plans written by hand: what each of their parts makes the executor do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from graphql import build_schema, get_operation_ast, parse

from gateway.execution import ExecutionRequest, execute
from gateway.planning.plan import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    InlineFragment,
    KeyRenamer,
    ParallelNode,
    PlanNode,
    QueryPlan,
    RequiredField,
    SequenceNode,
    ValueSetter,
)
from gateway.supergraph import Features, Supergraph
from gateway.transport.protocol import SubgraphAnswer, SubgraphRequest, SubgraphTransport

_SDL = """
    type Query { items: [Item] top: Item pair: Pair }
    interface Item { id: ID! name: String kind: Kind }
    type Pair { left: Item right: Item }
    type Book implements Item { id: ID! name: String kind: Kind pages: Int }
    type Film implements Item { id: ID! name: String kind: Kind minutes: Int }
"""
_API = build_schema(_SDL + "enum Kind { NEW }")
_FULL = build_schema(
    _SDL + "enum Kind { NEW HIDDEN } type Secret implements Item { id: ID! name: String kind: Kind }"
)
SUPERGRAPH = Supergraph(sdl="", schema=_FULL, api_schema=_API, subgraphs={}, types={}, features=Features(()))
_ALL = "{ __typename id also: id name name__1: name kind ... on Book { pages } }"
KEY = RequiredField("__typename", "__typename"), RequiredField("id", "id")


class _Script(SubgraphTransport):
    """A subgraph that gives its answers in turn, and keeps what it was asked."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        """The next answer."""
        self.asked.append(dict(request.variables))
        return SubgraphAnswer(self.answers.pop(0))

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        """One event."""
        yield await self.execute(request)

    async def close(self) -> None:
        """Nothing is held."""


async def _run(
    node: PlanNode, query: str, variables: dict[str, Any] | None = None, **subgraphs: _Script
) -> dict[str, Any]:
    document = parse(query)
    operation = get_operation_ast(document)
    assert operation is not None
    return await execute(
        ExecutionRequest(
            SUPERGRAPH,
            QueryPlan(node),
            document,
            operation,
            variables or {},
            subgraphs,
            lambda *_: {},
        )
    )


def _root(subgraph: str = "a", *rewrites: KeyRenamer) -> FetchNode:
    return FetchNode(
        subgraph,
        f"{{ items {_ALL} top {_ALL} pair {{ left {_ALL} right {_ALL} }} }}",
        "query",
        output_rewrites=rewrites,
    )


def _entities(*conditions: str, subgraph: str = "b", **more: Any) -> FetchNode:
    requires = tuple(InlineFragment(condition, KEY) for condition in conditions)
    text = f"query($representations: [_Any!]!) {{ _entities(representations: $representations) {_ALL} }}"
    return FetchNode(subgraph, text, "query", requires=requires, **more)


async def test_only_objects_that_satisfy_a_type_condition_are_sent_also_by_their_interface() -> None:
    items = [
        {"__typename": "Book", "id": "1"},
        {"__typename": "Film", "id": "2"},
        {"__typename": "Book", "id": None},
    ]
    a, b, c = (
        _Script({"items": items}),
        _Script({"_entities": [{"pages": 7}]}),
        _Script({"_entities": [{"name": "x"}, {"name": "y"}]}),
    )
    plan = SequenceNode(
        (
            _root(),
            ParallelNode(
                (
                    FlattenNode(("items", "@"), _entities("Book")),
                    FlattenNode(("items", "@"), _entities("Item", subgraph="c")),
                )
            ),
        )
    )
    answer = await _run(plan, "{ items { name ... on Book { pages } } }", a=a, b=b, c=c)
    assert b.asked == [{"representations": [{"__typename": "Book", "id": "1"}]}]
    assert c.asked == [
        {"representations": [{"__typename": "Book", "id": "1"}, {"__typename": "Film", "id": "2"}]}
    ]
    assert answer == {
        "data": {"items": [{"name": "x", "pages": 7}, {"name": "y"}, {"name": None, "pages": None}]}
    }


async def test_several_places_share_one_request_and_each_gets_a_tree_of_its_own() -> None:
    book = {"__typename": "Book", "id": "1"}
    a = _Script({"pair": {"left": dict(book), "right": dict(book)}})
    b = _Script({"_entities": [{"name": "x"}]})
    flatten = FlattenNode(("pair", "left"), _entities("Item"), more_paths=(("pair", "right"),))
    answer = await _run(
        SequenceNode((_root(), flatten)), "{ pair { left { n: id } right { id } right { id } } }", a=a, b=b
    )
    assert b.asked == [{"representations": [book]}]
    assert answer == {"data": {"pair": {"left": None, "right": {"id": "1"}}}, "errors": answer["errors"]}
    assert [error["path"] for error in answer["errors"]] == [["pair", "left", "n"]]


async def test_type_names_are_set_in_what_is_sent_and_keys_renamed_in_what_comes() -> None:
    a = _Script({"top": {"__typename": "Book", "id": "1", "name__1": "x"}})
    b = _Script({"_entities": [{"__typename": "Item", "kind": "NEW"}]})
    rewrites = (ValueSetter(("... on Item", "__typename"), "Item"),)
    plan = SequenceNode(
        (
            _root("a", KeyRenamer(("top", "... on Book", "name__1"), "name")),
            FlattenNode(("top",), _entities("Book", input_rewrites=rewrites)),
        )
    )
    answer = await _run(plan, "{ top { kind name __typename } }", a=a, b=b)
    assert b.asked == [{"representations": [{"__typename": "Item", "id": "1"}]}]
    assert answer == {"data": {"top": {"kind": "NEW", "name": "x", "__typename": "Book"}}}


async def test_a_condition_runs_one_branch_or_the_other() -> None:
    plan = ConditionNode("yes", _root("a"), _root("b"))
    query = "query Q($yes: Boolean!) { top { id } }"
    film = {"top": {"__typename": "Film", "id": "2"}}
    a, b = _Script(film), _Script(film)
    assert await _run(plan, query, {"yes": True}, a=a, b=b) == {"data": {"top": {"id": "2"}}}
    assert await _run(plan, query, {"yes": False}, a=a, b=b) == {"data": {"top": {"id": "2"}}}
    assert (a.asked, b.asked) == ([{}], [{}])


async def test_names_the_api_does_not_have_never_reach_the_client() -> None:
    items = [
        {"__typename": "Secret", "id": "1", "kind": "NEW"},
        {"__typename": "Book", "id": "2", "kind": "HIDDEN"},
    ]
    answer = await _run(_root(), "{ items { id kind __typename } }", a=_Script({"items": items}))
    assert answer["data"] == {"items": [None, {"id": "2", "kind": None, "__typename": "Book"}]}
    assert [error["path"] for error in answer["errors"]] == [["items", 0], ["items", 1, "kind"]]
    assert not any(name in str(answer) for name in ("Secret", "HIDDEN"))


async def test_a_later_null_does_not_undo_what_another_fetch_gave() -> None:
    a = _Script({"top": {"__typename": "Book", "id": "1", "name": "x"}})
    b = _Script({"top": None})
    answer = await _run(SequenceNode((_root("a"), _root("b"))), "{ top { name } }", a=a, b=b)
    assert answer == {"data": {"top": {"name": "x"}}}


async def test_fields_come_in_the_order_of_collect_fields_with_fragments_merged() -> None:
    query = """
        query Q($no: Boolean!) {
          top { ...F id ... on Film { minutes } ... on Book { pages name } kind @include(if: $no) }
          top { also: id }
        }
        fragment F on Item { name ... on Book { t: __typename } skipped: id @skip(if: true) }
    """
    a = _Script({"top": {"__typename": "Book", "id": "1", "also": "1", "name": "x", "pages": 3}})
    answer = await _run(_root(), query, {"no": False}, a=a)
    assert list(answer["data"]["top"].items()) == [
        ("name", "x"),
        ("t", "Book"),
        ("id", "1"),
        ("pages", 3),
        ("also", "1"),
    ]


async def test_what_a_subgraph_was_not_asked_for_takes_nothing_from_what_others_gave() -> None:
    a = _Script(
        {"top": {"__typename": "Book", "id": "1", "name": "x", "minutes": 5}, "items": None, "other": 1}
    )
    b = _Script({"_entities": [{"pages": 7, "name": "y", "__typename": "Film", "extra": {"id": "2"}}]})
    text = "query($representations: [_Any!]!) { _entities(representations: $representations) { ...P } } "
    fetch = FetchNode("b", text + "fragment P on Book { pages }", "query", requires=KEY)
    plan = SequenceNode((_root(), FlattenNode(("top",), fetch)))
    query = "{ top { name __typename ... on Book { pages } ... on Film { minutes } } }"
    assert await _run(plan, query, a=a, b=b) == {
        "data": {"top": {"name": "x", "__typename": "Book", "pages": 7}}
    }
