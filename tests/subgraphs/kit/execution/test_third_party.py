"""What schemas of other projects do to an executor: lists that change, casts, classes and scalars of one's own."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, NewType

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from subgraphs.kit.execution import DirectEntry, DocumentCache
from tests.subgraphs.kit.execution.both import AT_ONCE, answer, answers, answers_sync, executed_by


@strawberry.type
class Item:
    number: int

    @strawberry.field
    def add(self, info: strawberry.Info) -> int:
        items = info.root_value
        if len(items) < 6:
            items.append(Item(number=self.number + 10))
        return len(items)

    @strawberry.field
    def take(self, info: strawberry.Info) -> int:
        items = info.root_value
        if len(items) > 2:
            items.pop()
        return len(items)


@strawberry.type
class Left:
    number: int

    @strawberry.field
    def side(self) -> str:
        return "left"


@strawberry.type
class Right:
    number: int


Side = Annotated[Left | Right, strawberry.union("Side")]
Slow = NewType("Slow", int)


@strawberry.type
class Query:
    @strawberry.field
    def items(self, info: strawberry.Info) -> list[Item]:
        return info.root_value  # type: ignore[no-any-return]

    @strawberry.field
    def sides(self) -> list[Side]:
        return [Left(number=1), Right(number=2), strawberry.cast(Right, Left(number=3)), Left(number=4)]

    @strawberry.field
    def slow(self) -> Slow:
        return Slow(3)

    @strawberry.field
    def slow_ones(self) -> list[Slow]:
        return [Slow(4), Slow(5)]

    @strawberry.field
    def context(self, info: strawberry.Info) -> str:
        return str(info.context)

    @strawberry.field
    def missing(self, info: strawberry.Info) -> str | None:
        return info.nothing_of_the_kind  # type: ignore[attr-defined, no-any-return]

    @strawberry.field
    def failing(self) -> str | None:
        raise ValueError("it fails")


CONFIG = StrawberryConfig(
    scalar_map={Slow: strawberry.scalar(name="Slow", serialize=lambda value: asyncio.sleep(0, value))}
)
schema = strawberry.Schema(Query, extensions=[DocumentCache], config=CONFIG)


@pytest.mark.parametrize("field", ["add", "take"])
def test_a_list_that_a_resolver_changes_is_answered_as_it_then_is(field: str) -> None:
    query = f"{{ items {{ number {field} }} }}"
    found = []
    for executor in (StrawberryGraphQLCoreExecutionContext, AT_ONCE):
        with executed_by(schema, executor):
            items = [Item(number=n) for n in range(4)]
            found.append(answer(schema.execute_sync(query, root_value=items)))
    assert found[0] == found[1]
    assert found[0].errors == []


def test_an_object_of_a_union_that_is_cast_is_of_the_type_it_is_cast_to_though_its_class_is_known() -> None:
    stock, compiled = answers_sync(schema, "{ sides { __typename ... on Left { number side } } }")
    assert compiled == stock


async def test_a_scalar_that_is_serialized_later_is_waited_for() -> None:
    stock, compiled = await answers(schema, "{ slow slowOnes }")
    assert compiled == stock
    assert compiled.errors == []


async def test_a_mistake_with_the_info_is_told_as_one_with_strawberrys() -> None:
    stock, compiled = await answers(schema, "{ missing }")
    assert compiled == stock
    assert "'Info' object" in compiled.errors[0][1]


def _completing(base: Any) -> type[Any]:
    class Changed(base):  # type: ignore[misc]
        def complete_value(self, *args: Any) -> Any:
            value = super().complete_value(*args)
            return f"{value}!" if isinstance(value, str) else value

    return Changed


def _informing(base: Any) -> type[Any]:
    class Changed(base):  # type: ignore[misc]
        def build_resolve_info(self, *args: Any) -> Any:
            return super().build_resolve_info(*args)._replace(context="another")

    return Changed


def _mixing(base: Any) -> type[Any]:
    class Mixed:
        @staticmethod
        def complete_leaf_value(*_: Any) -> str:
            return "mixed"

    return type("Changed", (Mixed, base), {})


def _beginning(base: Any) -> type[Any]:
    class Changed(base):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.context_value = "of the constructor"

    return Changed


def _responding(base: Any) -> type[Any]:
    class Changed(base):  # type: ignore[misc]
        def build_response(self, data: Any) -> Any:
            return super().build_response({**data, "more": True})

    return Changed


@pytest.mark.parametrize("change", [_completing, _informing, _mixing, _beginning, _responding])
async def test_what_a_subclass_of_the_context_overrides_is_heeded_by_every_way_in(change: Any) -> None:
    query = "{ context missing }"
    stock, compiled = change(StrawberryGraphQLCoreExecutionContext), change(AT_ONCE)
    with executed_by(schema, stock):
        expected = answer(await schema.execute(query))
    with executed_by(schema, compiled):
        for _ in range(3):
            assert answer(await schema.execute(query)) == expected
            assert answer(await DirectEntry(schema).execute(query)) == expected


class _Told(strawberry.Schema):
    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        assert execution_context is not None
        told.append(
            (
                [error.message for error in errors],
                execution_context.query,
                execution_context.operation_name,
                execution_context.operation_type,
                execution_context.context,
                execution_context.result is not None,
            )
        )


told: list[tuple[Any, ...]] = []


async def test_who_is_told_of_errors_learns_what_was_asked_though_it_was_entered_directly() -> None:
    own = _Told(Query, extensions=[DocumentCache], config=CONFIG, execution_context_class=AT_ONCE)
    query = "query Mine($skip: Boolean!) { failing @skip(if: $skip) }"
    told.clear()
    for execute in (own.execute, DirectEntry(own).execute):
        for variables in ({"skip": False}, {"skip": False}, {"skip": False}, {}):
            result = await execute(query, variables, context_value="mine", operation_name="Mine")
            assert result.errors
            assert result.extensions == {}
    assert told[:4] == told[4:]
