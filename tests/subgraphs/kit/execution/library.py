"""A schema with one of everything that an executor can get wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from strawberry.dataloader import DataLoader
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission

__all__ = ["Context", "schema"]

T = TypeVar("T")


class Context:
    """Loaders and a list to write on."""

    def __init__(self, told: list[Any]) -> None:
        self.told = told
        self.people: DataLoader[int, Person | None] = DataLoader(self._people)

    async def _people(self, keys: list[int]) -> list[Any]:
        self.told.append(("people", sorted(keys)))
        await asyncio.sleep(0)
        return [RuntimeError(f"no person {k}") if k > 90 else Person.numbered(k) for k in keys]


Info = strawberry.Info[Context, None]


@strawberry.enum
class Colour(Enum):
    RED = "red"
    GREEN = strawberry.enum_value("green", name="VERT")
    ALIAS = "red"  # noqa: PIE796 # another name for a member, as Python has it


class Allowed(BasePermission):
    message = "Not for you."

    def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:
        info.context.told.append(("asked", info.field_name))
        return getattr(source, "number", 0) % 2 == 0


class AllowedLater(Allowed):
    async def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().has_permission(source, info, **kwargs)


class Shouting(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        return str(next_(source, info, **kwargs)).upper()


@strawberry.interface
class Node:
    id: strawberry.ID

    @strawberry.field
    def kind(self) -> str:
        return type(self).__name__


@strawberry.type
class Person(Node):
    name: str
    number: strawberry.Private[int]
    nick: str | None = None

    @classmethod
    def numbered(cls, number: int) -> Person:
        return cls(id=strawberry.ID(f"p{number}"), name=f"Person {number}", number=number)

    @strawberry.field
    async def friend(self, info: Info) -> Person | None:
        return await info.context.people.load(self.number + 1)

    @strawberry.field
    async def sure_friend(self, info: Info) -> Person:
        return await info.context.people.load(self.number + 30)  # type: ignore[return-value]

    @strawberry.field
    def friends(self, info: Info, first: int = 2) -> list[Person]:
        return [Person.numbered(self.number + n) for n in range(first)]

    @strawberry.field(permission_classes=[Allowed])  # type: ignore[untyped-decorator]
    def secret(self) -> str:
        return f"secret of {self.name}"

    @strawberry.field(permission_classes=[AllowedLater])  # type: ignore[untyped-decorator]
    async def late_secret(self) -> str | None:
        return f"late secret of {self.name}"

    @strawberry.field(extensions=[Shouting()])  # type: ignore[untyped-decorator]
    def loud(self) -> str:
        return self.name

    @strawberry.field
    def where(self, info: Info) -> str:
        return "/".join(map(str, info.path.as_list())) + f" {info.field_name} {info.python_name}"

    @strawberry.field
    def wanted(self, info: Info) -> list[str]:
        return [s.name for f in info.selected_fields for s in getattr(f, "selections", [])]


@strawberry.type
class Book(Node):
    title: str
    pages: int
    price: float
    in_print: bool
    colour: Colour | None
    published: datetime
    worth: Decimal
    shelves: list[list[int]]
    author: Person | None
    blurb: str | None = strawberry.field(default=None, permission_classes=[Allowed])

    @strawberry.field
    def sequels(self) -> list[Book | None] | None:
        return None if self.pages > 3 else [_book(self.pages + 1), None, _book(self.pages + 2)]

    @strawberry.field
    def strange(self) -> int:
        return "not a number"  # type: ignore[return-value]

    @strawberry.field
    def failing(self) -> int | None:
        raise ValueError(f"failing {self.title}")

    @strawberry.field
    async def failing_later(self) -> int:
        await asyncio.sleep(0)
        raise ValueError(f"failing later {self.title}")

    @strawberry.field
    def returned_error(self) -> str | None:
        return ValueError("returned")  # type: ignore[return-value]


class _Foreign:
    """Looks like a book's author to nobody but getattr."""

    id = "f1"
    title = "Foreign"


@strawberry.type
class Box(Generic[T]):
    label: str
    content: T


@strawberry.type
class Plain:
    name: str
    number: int


@strawberry.type
class Untyped:
    title: str


def _is_odd(value: Any, info: Any) -> bool:
    return bool(getattr(value, "odd", False))


@strawberry.type
class Odd:
    odd: bool = True
    is_type_of = _is_odd


Thing = Annotated[Person | Book | Plain, strawberry.union("Thing")]


def _book(n: int, **changes: Any) -> Book:
    values: dict[str, Any] = {
        "id": strawberry.ID(f"b{n}"),
        "title": f"Book {n}",
        "pages": n,
        "price": n + 0.5,
        "in_print": n % 2 == 0,
        "colour": [Colour.RED, Colour.GREEN, None][n % 3],
        "published": datetime(2020, 1, n + 1, tzinfo=UTC),
        "worth": Decimal(n),
        "shelves": [[1, 2], [], [n]],
        "author": Person.numbered(n) if n % 4 else None,
        "blurb": "read it",
    }
    return Book(**values | changes)


@strawberry.type
class Query:
    @strawberry.field
    def books(self, count: int = 4) -> list[Book]:
        return [_book(n) for n in range(count)]

    @strawberry.field
    def flawed_books(self) -> list[Book | None]:
        return [
            _book(1),
            _book(2, title=None),
            None,
            _book(3, pages=2**40),
            _book(4, price=float("nan")),
            _book(5, shelves=[[1], ["x"]]),
            _book(6, colour="blue"),
            _book(7, author=_Foreign()),
            _book(8, in_print="yes"),
            _book(9, shelves=iter([[1], (2, 3)])),
        ]

    @strawberry.field
    def hard_books(self) -> list[Book]:
        return [_book(1), _book(2, title=None)]

    @strawberry.field
    def loose(self) -> list[Plain]:
        return [Plain(name=7, number=True), Plain(name="a", number=3.0), Plain(name="b", number="4")]  # type: ignore[arg-type]

    @strawberry.field
    def plain(self) -> Plain | None:
        return _Foreign()  # type: ignore[return-value]

    @strawberry.field
    def untyped(self) -> Untyped:
        return _Foreign()  # type: ignore[return-value]

    @strawberry.field
    def generated(self) -> list[Plain]:
        def all_of_them() -> Iterator[Plain]:
            yield Plain(name="one", number=1)
            yield Plain(name="two", number=2)

        return all_of_them()  # type: ignore[return-value]

    @strawberry.field
    async def streamed(self) -> list[Plain]:
        async def all_of_them() -> AsyncIterator[Plain]:
            yield Plain(name="one", number=1)
            await asyncio.sleep(0)
            yield Plain(name="two", number=2)

        return all_of_them()  # type: ignore[return-value]

    @strawberry.field
    def promised(self) -> list[Plain | None]:
        async def later(n: int) -> Plain:
            await asyncio.sleep(0)
            if n == 2:
                raise KeyError("two")
            return Plain(name=f"later {n}", number=n)

        return [later(1), Plain(name="now", number=0), later(2), None, later(3)]  # type: ignore[list-item]

    @strawberry.field
    def attribute_promised(self) -> Plain:
        async def later() -> int:
            return 7

        return Plain(name="x", number=later())  # type: ignore[arg-type]

    @strawberry.field
    def things(self) -> list[Thing]:
        return [Person.numbered(1), _book(2), Plain(name="p", number=3)]

    @strawberry.field
    def wrong_things(self) -> list[Thing | None]:
        return [Person.numbered(1), _Foreign(), Odd()]  # type: ignore[list-item]

    @strawberry.field
    def nodes(self) -> list[Node]:
        return [_book(1), Person.numbered(2)]

    @strawberry.field
    async def node(self, info: Info, n: int) -> Node | None:
        return await info.context.people.load(n)

    @strawberry.field
    def cast(self) -> list[Node]:
        return [strawberry.cast(Person, Person.numbered(3)), strawberry.cast(Person, _Foreign())]  # type: ignore[list-item]

    @strawberry.field
    def boxes(self) -> list[Box[int]]:
        return [Box(label="one", content=1)]

    @strawberry.field
    def box_of_person(self) -> Box[Person]:
        return Box(label="person", content=Person.numbered(5))

    @strawberry.field
    def any_box(self) -> list[Annotated[Box[int] | Box[str], strawberry.union("AnyBox")]]:
        return [Box(label="i", content=1), Box(label="s", content="s")]

    @strawberry.field
    def odd(self) -> Odd | None:
        return Odd()

    @strawberry.field
    def not_odd(self) -> Odd | None:
        return Plain(name="no", number=0)  # type: ignore[return-value]

    @strawberry.field
    async def person(self, info: Info, number: int) -> Person | None:
        return await info.context.people.load(number)

    @strawberry.field
    async def sure_person(self, info: Info, number: int) -> Person:
        return await info.context.people.load(number)  # type: ignore[return-value]

    @strawberry.field
    def people(self, info: Info, numbers: list[int]) -> list[Person | None]:
        return [info.context.people.load(n) for n in numbers]  # type: ignore[misc]

    @strawberry.field
    def nothing(self) -> int:
        return None  # type: ignore[return-value]

    @strawberry.field
    def unset(self) -> str | None:
        return strawberry.UNSET  # type: ignore[no-any-return]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def write(self, info: Info, word: str) -> Person:
        await asyncio.sleep(0)
        info.context.told.append(word)
        return Person.numbered(len(info.context.told))


schema = strawberry.Schema(query=Query, mutation=Mutation, types=[Person, Book])
