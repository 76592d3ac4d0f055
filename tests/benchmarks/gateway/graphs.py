"""The graphs that gateways are measured on: subgraphs' SDL, their data, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.benchmarks.gateway import shop

__all__ = ["GRAPHS", "Graph", "distinct_operations"]

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n'
)
_Data = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Graph:
    """Subgraphs by name. ``roots`` makes for each its root fields and ``entities``, by type and then by key.

    A subgraph in ``failing`` answers every request with an error.
    """

    sdl: Mapping[str, str]
    roots: Callable[[], _Data]
    query: str
    failing: frozenset[str] = frozenset()


def distinct_operations(count: int, seed: int) -> list[str]:
    """Different valid operations on the shop's graph, three or four levels deep, about 20 fields each."""
    random = Random(seed)  # noqa: S311 - the same operations for everybody
    return [f"query Op{n} {_selection(random, 'Query', 4, n)}" for n in range(count)]


_LEAVES = {
    "User": ["id", "name", "username", "birthday"],
    "Product": ["upc", "name", "price", "weight", "inStock", "shippingEstimate"],
    "Review": ["id", "body"],
    "Query": [],
}
_OBJECTS = {
    "User": {"reviews": "Review"},
    "Product": {"reviews": "Review"},
    "Review": {"author": "User", "product": "Product"},
    "Query": {"users": "User", "topProducts": "Product"},
}


def _selection(random: Random, type_: str, depth: int, number: int) -> str:
    leaves = _LEAVES[type_]
    chosen = random.sample(leaves, random.randint(2, len(leaves))) if leaves else []
    parts = [f"f{number}: {name}" if index == 0 else name for index, name in enumerate(chosen)]
    if depth > 1:
        for name, inner in _OBJECTS[type_].items():
            if random.random() < 0.8 or type_ == "Query":
                parts.append(f"{name} {_selection(random, inner, depth - 1, number)}")
    return "{ " + " ".join(parts) + " }"


_TEN = [f"detail{n}" for n in range(10)]


def _thousand() -> _Data:
    keys = [{"__typename": "Item", "id": f"item-{n}"} for n in range(1000)]
    rich = {
        key["id"]: {**key, **{name: f"{name} of {key['id']}" for name in _TEN[:8]}, "detail8": n, "detail9": n % 2 == 0}
        for n, key in enumerate(keys)
    }  # fmt: skip
    return {"listing": {"items": keys, "entities": {"Item": {}}}, "details": {"entities": {"Item": rich}}}


_ENTITIES = Graph(
    {
        "listing": _LINK + 'type Query { items: [Item!]! } type Item @key(fields: "id") { id: ID! }',
        "details": _LINK
        + 'type Item @key(fields: "id") { id: ID! '
        + " ".join(f"{name}: String" for name in _TEN[:8])
        + " detail8: Int detail9: Boolean }",
    },
    _thousand,
    "query Items { items { id " + " ".join(_TEN) + " } }",
)


def _small() -> _Data:
    one = {"__typename": "Item", "id": "1", "name": "A sturdy table", "price": 1299}
    return {"items": {"item": one, "entities": {"Item": {"1": one}}}}


_SMALL = Graph(
    {
        "items": _LINK
        + 'type Query { item: Item } type Item @key(fields: "id") { id: ID! name: String price: Int }'
    },
    _small,
    "query Small { item { id name price } }",
)


def _rows() -> _Data:
    text = "a sentence that stands for what people write, neither long nor short, said again. " * 4
    tags = [{"name": f"tag {n}", "uses": n * 17} for n in range(2)]
    rows = [
        {"id": str(n), "title": f"Row {n}", "body": text, "more": text[::-1], "score": n / 7, "tags": tags}
        for n in range(10_500)
    ]
    return {"rows": {"rows": rows, "entities": {}}}


_LARGE = Graph(
    {
        "rows": _LINK
        + "type Query { rows: [Row!]! } type Row { id: ID! title: String body: String more: String score: Float"
        " tags: [Tag!] } type Tag { name: String! uses: Int }"
    },
    _rows,
    "query Rows { rows { id title body more score tags { name uses } } }",
)


def _feed() -> _Data:
    entries: list[dict[str, Any]] = []
    likes: dict[str, dict[str, Any]] = {"Post": {}, "Photo": {}}
    for n in range(500):
        kind = ("Post", "Photo", "Poll", "Notice")[n % 4]
        one: dict[str, Any] = {"__typename": kind, "id": f"{kind}-{n}", "title": f"Entry {n}"}
        if kind == "Post":
            one |= {"text": f"What post {n} says", "tags": ["one", "two"]}
        elif kind == "Photo":
            one |= {"width": 640 + n, "height": 480, "address": f"/photos/{n}.jpg"}
        elif kind == "Poll":
            one |= {
                "question": f"Question {n}?",
                "options": [{"text": "yes", "votes": n}, {"text": "no", "votes": 1}],
            }
        else:
            one |= {"level": "HIGH" if n % 8 else "LOW"}
        if kind in likes:
            likes[kind][one["id"]] = {
                "__typename": kind,
                "id": one["id"],
                "likes": n * 3,
                "liked": n % 3 == 0,
            }
        entries.append(one)
    return {
        "feed": {"feed": entries, "nodes": entries, "entities": {"Post": {}, "Photo": {}}},
        "likes": {"entities": likes},
    }  # fmt: skip


_ABSTRACT = Graph(
    {
        "feed": _LINK
        + """
        type Query { feed: [Entry!]! nodes: [Node!]! }
        union Entry = Post | Photo | Poll | Notice
        interface Node { id: ID! title: String }
        type Post implements Node @key(fields: "id") { id: ID! title: String text: String tags: [String!]! }
        type Photo implements Node @key(fields: "id") { id: ID! title: String width: Int height: Int address: String }
        type Poll implements Node { id: ID! title: String question: String options: [Option!]! }
        type Option { text: String votes: Int }
        type Notice implements Node { id: ID! title: String level: Level }
        enum Level { LOW HIGH }
        """,
        "likes": _LINK
        + """
        type Post @key(fields: "id") { id: ID! likes: Int! liked: Boolean }
        type Photo @key(fields: "id") { id: ID! likes: Int! liked: Boolean }
        """,
    },
    _feed,
    """
    query Feed {
      feed {
        __typename
        ... on Post { id title text tags likes liked }
        ... on Photo { id title width height address likes }
        ... on Poll { id title question options { text votes } }
        ... on Notice { id level }
      }
      nodes { id title ... on Photo { address } ... on Notice { level } }
    }
    """,
)


def _holed() -> _Data:
    keys = [{"__typename": "Thing", "id": str(n), "name": f"Thing {n}"} for n in range(20)]
    priced = {k["id"]: {**k, "price": n, "stock": n} for n, k in enumerate(keys) if n % 4}
    rated = {k["id"]: {**k, "rating": n / 3} for n, k in enumerate(keys)}
    return {
        "things": {"things": keys, "entities": {"Thing": {}}},
        "prices": {"entities": {"Thing": priced}},
        "ratings": {"entities": {"Thing": rated}},
    }


_FAILING = Graph(
    {
        "things": _LINK
        + 'type Query { things: [Thing] } type Thing @key(fields: "id") { id: ID! name: String }',
        "prices": _LINK + 'type Thing @key(fields: "id") { id: ID! price: Int! stock: Int }',
        "ratings": _LINK + 'type Thing @key(fields: "id") { id: ID! rating: Float }',
    },
    _holed,
    "query Things { things { id name price stock rating } }",
    failing=frozenset({"ratings"}),
)

GRAPHS: Mapping[str, Graph] = {
    "shop": Graph(shop.SDL, shop.roots, shop.QUERY),
    "small": _SMALL,
    "entities": _ENTITIES,
    "large": _LARGE,
    "abstract": _ABSTRACT,
    "failing": _FAILING,
}
