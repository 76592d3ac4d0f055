"""Every value that a field may come to, at every type and nullability: the compiled executor completes it as the stock one."""

from __future__ import annotations

import asyncio
import gc
import logging
import math
import re
import warnings
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum, Flag, IntEnum
from functools import partial
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON

from tests.subgraphs.kit.execution.both import Answer, answers

# Where an error cuts a list short, graphql-core leaves coroutines unawaited.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(autouse=True, scope="module")
def _nobody_else_is_blamed() -> Iterator[None]:
    """For those coroutines that go later, with what is logged of errors."""
    log = logging.getLogger("strawberry.execution")
    log.disabled = True
    yield
    log.disabled = False
    with warnings.catch_warnings(action="ignore"):
        gc.collect()


@strawberry.enum
class Colour(Enum):
    RED = "r"
    ALIAS = "r"  # noqa: PIE796 # another name for a member, as Python has it
    NOTHING = None
    ZERO = 0


@strawberry.enum
class Number(IntEnum):
    ONE = 1


@strawberry.enum
class Right(Flag):
    READ = 1
    WRITE = 2


class Text(str):
    __slots__ = ()


class Anything:
    def __getattr__(self, name: str) -> Any:
        return name


class Unspeakable:
    def __str__(self) -> str:
        raise RuntimeError("no words")

    def __repr__(self) -> str:
        return "Unspeakable"


LEAVES: list[Any] = [
    *(None, True, 0, 1, 2**31 - 1, 2**31, -(2**31), 10**400, 1.5, 3.0, -0.0, math.nan, math.inf),
    *("", "s", "12", "1.5", "\ud800", b"x", Text("t"), Decimal("2.5"), Decimal("NaN"), 1j),
    *([1], (1,), {1}, {"a": 1}, str, object, Anything(), Unspeakable(), datetime(2020, 1, 1)),  # noqa: DTZ001
    *(
        Colour.RED,
        Colour.ALIAS,
        Colour.NOTHING,
        Colour.ZERO,
        Number.ONE,
        Right.READ,
        Right.READ | Right.WRITE,
    ),
    *(ValueError("a value"), GraphQLError("g", extensions={"code": 1}), KeyboardInterrupt, strawberry.UNSET),
]
TYPES = [str, int, float, bool, strawberry.ID, datetime, Decimal, JSON, Colour, Number, Right]


def _itself(value: Any) -> Any:
    return value


async def _later(value: Any, ticks: int = 1) -> Any:
    for _ in range(ticks):
        await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


class Promise:
    """Something to await that is no coroutine."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Iterator[Any]:
        return _later(self.value).__await__()


def _each(*values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, Exception):
            raise value
        yield value


async def _each_later(*values: Any) -> AsyncIterator[Any]:
    for value in _each(*values):
        await asyncio.sleep(0)
        yield value


class Broken:
    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("no items")


LISTS: list[Callable[[], Any]] = [
    *(list, lambda: (1, 2), lambda: {1}, lambda: {1: 2}, lambda: "12", lambda: range(2), lambda: 5),
    *(
        lambda: deque([1]),
        lambda: _each(1, 2),
        lambda: _each(1, ValueError("g")),
        Broken,
        lambda: map(int, "12"),
    ),
    *(lambda: [1, "x", None, 2], lambda: [ValueError("v"), 1], lambda: [[1]], lambda: [2**40]),
    *(
        lambda: _each_later(1, 2),
        lambda: _each_later(1, KeyError("k")),
        lambda: _each_later(_later(1), Promise(2)),
    ),
    *(lambda: [_later(1), 2, Promise(3)], lambda: [_later("x"), 1, _later(None)], lambda: Promise([1, 2])),
    *(
        lambda: _later([_later(1), Promise(None)]),
        lambda: _later(_each(1, _later(2))),
        lambda: _later(_later([1])),
    ),
    *(lambda: [_later(ValueError("late"), 3), 1, _later(KeyError("soon"))], lambda: Promise(ValueError("p"))),
    *(
        lambda: [[1, _later(2)], _later([3]), None],
        lambda: _each([1], _each(2)),
        lambda: [[1], _later(None), "ab"],
    ),
]


def _resolvers(make: Callable[[], Any]) -> tuple[Any, Any]:
    async def later(root: Any) -> Any:
        await asyncio.sleep(0)
        return make()

    return lambda root: make(), later


async def _are_alike(kind: Any, makers: Sequence[Callable[[], Any]]) -> None:
    """As attributes, beside others, and as what resolvers give, now and later."""
    holder: Any = strawberry.type(type("Holder", (), {"__annotations__": {"before": int, "value": kind}}))
    fields: dict[str, Any] = {
        "holders": strawberry.field(
            lambda root: [holder(before=1, value=make()) for make in makers],
            graphql_type=list[holder | None],
        )
    }
    for index, make in enumerate(makers):
        now, later = _resolvers(make)
        fields[f"now{index}"] = strawberry.field(now, graphql_type=kind | None)
        fields[f"later{index}"] = strawberry.field(later, graphql_type=kind | None)
    schema = strawberry.Schema(query=strawberry.type(type("Query", (), fields)))
    query = " ".join(["{ holders { before value }", *(f"now{n} later{n}" for n in range(len(makers))), "}"])
    stock, compiled = await answers(schema, query)
    assert _without_addresses(compiled) == _without_addresses(stock)
    for _ in range(10):  # what was abandoned ends here, where the warning of it is ignored
        await asyncio.sleep(0)
    gc.collect()


def _without_addresses(answer: Answer) -> str:
    return re.sub("0x[0-9a-f]+", "", repr(answer))


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("is_nullable", [True, False])
async def test_a_leaf_of_any_value_is_completed_or_fails_alike(kind: Any, is_nullable: bool) -> None:
    await _are_alike(kind | None if is_nullable else kind, [partial(_itself, value) for value in LEAVES])


@pytest.mark.filterwarnings(
    "ignore"
)  # where an error cuts a list short, graphql-core leaves coroutines unawaited
@pytest.mark.parametrize(
    "kind",
    [
        *(list[int], list[int | None], list[int] | None, list[int | None] | None),
        *(list[list[int]], list[list[int] | None], list[list[int | None] | None] | None),
    ],
    ids=str,
)
async def test_a_list_of_whatever_can_be_gone_through_is_completed_or_fails_alike(kind: Any) -> None:
    await _are_alike(kind, LISTS)
