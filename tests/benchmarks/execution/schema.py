"""What is measured: plain lists, a deep page, a feed of loaders, entities, and a list with one bad leaf."""

from __future__ import annotations

import asyncio
from typing import Any

import strawberry
from strawberry.dataloader import DataLoader
from strawberry.federation import Schema

__all__ = ["QUERIES", "Context", "make_schema", "representations"]


@strawberry.type
class Item:
    id: strawberry.ID
    name: str
    price: float
    count: int
    available: bool
    maker: str | None
    colour: str
    weight: float | None


@strawberry.type
class Leaf:
    id: strawberry.ID
    name: str
    size: int


@strawberry.type
class Branch:
    id: strawberry.ID
    title: str
    leaves: list[Leaf]


@strawberry.type
class Tree:
    id: strawberry.ID
    title: str
    branches: list[Branch]


@strawberry.federation.type(keys=["id"])
class Person:
    id: strawberry.ID
    name: str
    handle: str
    bio: str | None
    followers: int

    @classmethod
    async def resolve_reference(cls, info: strawberry.Info, id: strawberry.ID) -> Person:  # noqa: A002
        person: Person = await info.context.people.load(str(id))
        return person


@strawberry.type
class Media:
    id: strawberry.ID
    url: str
    width: int
    height: int
    alt: str | None


@strawberry.type
class Comment:
    id: strawberry.ID
    body: str
    likes: int
    edited: bool
    author_id: strawberry.Private[str]

    @strawberry.field
    async def author(self, info: strawberry.Info) -> Person:
        found: Person = await info.context.people.load(self.author_id)
        return found


@strawberry.type
class Post:
    id: strawberry.ID
    title: str
    body: str
    likes: int
    views: int
    language: str
    pinned: bool
    score: float
    author_id: strawberry.Private[str]
    media: list[Media]
    comments: list[Comment]

    @strawberry.field
    async def author(self, info: strawberry.Info) -> Person:
        found: Person = await info.context.people.load(self.author_id)
        return found


def _item(n: int, name: Any = None) -> Item:
    return Item(
        id=strawberry.ID(str(n)),
        name=name or f"Item {n}",
        price=n * 1.5,
        count=n,
        available=n % 2 == 0,
        maker=None if n % 3 else "Maker",
        colour="red",
        weight=1.25,
    )


_ITEMS = [_item(n) for n in range(100)]
_FLAWED = [_item(n, name=object if n == 50 else None) for n in range(100)]
_TREES = [
    Tree(
        id=strawberry.ID(f"t{t}"),
        title=f"Tree {t}",
        branches=[
            Branch(
                id=strawberry.ID(f"b{b}"),
                title=f"Branch {b}",
                leaves=[Leaf(id=strawberry.ID(f"l{n}"), name=f"Leaf {n}", size=n) for n in range(10)],
            )
            for b in range(10)
        ],
    )
    for t in range(5)
]
_POSTS = [
    Post(
        id=strawberry.ID(f"p{n}"),
        title=f"Post {n}",
        body="What a day.",
        likes=n,
        views=n * 10,
        language="en",
        pinned=False,
        score=n / 3,
        author_id=str(n % 7),
        media=[
            Media(
                id=strawberry.ID(f"m{n}.{m}"),
                url=f"https://files.example/{n}/{m}",
                width=1200,
                height=800,
                alt=None,
            )
            for m in range(3)
        ],
        comments=[
            Comment(
                id=strawberry.ID(f"c{n}.{c}"), body="Well said.", likes=c, edited=False, author_id=str(c * 3)
            )
            for c in range(5)
        ],
    )
    for n in range(20)
]
_PEOPLE = {
    str(n): Person(id=strawberry.ID(str(n)), name=f"Person {n}", handle=f"p{n}", bio=None, followers=n)
    for n in range(50)
}


@strawberry.type
class Query:
    @strawberry.field
    def items(self) -> list[Item]:
        return _ITEMS

    @strawberry.field
    def flawed(self) -> list[Item | None]:
        return [*_FLAWED]

    @strawberry.field
    def trees(self) -> list[Tree]:
        return _TREES

    @strawberry.field
    def feed(self) -> list[Post]:
        return _POSTS


async def _people(keys: list[str]) -> list[Person]:
    await asyncio.sleep(0)
    return [_PEOPLE[key] for key in keys]


class Context:
    """The loader of one request."""

    def __init__(self) -> None:
        self.people: DataLoader[str, Person] = DataLoader(_people)


QUERIES = {
    "flat": "{ items { id name price count available maker colour weight } }",
    "deep": "{ trees { id title branches { id title leaves { id name size } } } }",
    "feed": """{ feed { id title body likes views language pinned score
        author { id name handle bio }
        media { id url width height alt }
        comments { id body likes edited author { id name handle bio } } } }""",
    "entities": """query($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Person { __typename id name handle bio followers } } }""",
    "flawed": "{ flawed { id name price count available maker colour weight } }",
    "tiny": "{ __typename }",
}


def representations() -> list[dict[str, Any]]:
    """Fifty people, as a gateway asks for them; Strawberry changes what it is given."""
    return [{"__typename": "Person", "id": str(n)} for n in range(50)]


def make_schema(context: type[Any], *extensions: Any) -> Schema:
    """The schema under one executor."""
    return Schema(query=Query, types=[Person], execution_context_class=context, extensions=extensions)
