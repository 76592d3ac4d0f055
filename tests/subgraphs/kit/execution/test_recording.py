"""Each field of an operation told to a recorder, by whichever executor it would have run."""

from __future__ import annotations

import asyncio
from typing import Any

import strawberry

from subgraphs.kit.execution import CompiledExecutionContext, DirectEntry, DocumentCache, Options, recorded_by
from tests.subgraphs.kit.execution.both import executed_by


class Clock:
    """Stands still but for what resolvers make of it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Notes:
    """A recorder that writes down."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.told: list[tuple[Any, ...]] = []

    def field(self, info: Any, began: float, ended: float, error: BaseException | None) -> None:
        path = ".".join(map(str, info.path.as_list()))
        self.told.append((path, str(info.return_type), began, ended, repr(error) if error else None))


@strawberry.type
class Item:
    id: int

    @strawberry.field
    async def later(self, info: strawberry.Info) -> int | None:
        await asyncio.sleep(0)
        info.context.now += 2
        return 1

    @strawberry.field
    async def failing(self) -> int | None:
        raise ValueError("no")


@strawberry.type
class Query:
    @strawberry.field
    def items(self, info: strawberry.Info) -> list[Item]:
        info.context.now += 1
        return [Item(id=7)]

    @strawberry.field
    def broken(self) -> int | None:
        raise KeyError("broken")


@strawberry.type
class Mutation:
    @strawberry.mutation
    def make(self) -> int:
        return 3


schema = strawberry.Schema(
    Query,
    Mutation,
    execution_context_class=CompiledExecutionContext.configured(Options(compile_after=0)),
    extensions=[DocumentCache],
)


async def test_every_field_is_told_with_its_times_and_its_error() -> None:
    notes = Notes()
    with recorded_by(notes):
        result = await DirectEntry(schema).execute(
            "{ __typename a: items { __typename id later failing } broken __schema { queryType { name } } }",
            context_value=notes.clock,
        )
    assert result.data == {
        "__typename": "Query",
        "a": [{"__typename": "Item", "id": 7, "later": 1, "failing": None}],
        "broken": None,
        "__schema": {"queryType": {"name": "Query"}},
    }
    assert sorted(notes.told) == [
        ("a", "[Item!]!", 0.0, 1.0, None),
        ("a.0.failing", "Int", 1.0, 1.0, "ValueError('no')"),
        ("a.0.id", "Int!", 1.0, 1.0, None),
        ("a.0.later", "Int", 1.0, 3.0, None),
        ("broken", "Int", 1.0, 1.0, "KeyError('broken')"),
    ]


async def test_a_mutation_is_told_too_and_nothing_after_the_recorder_has_left() -> None:
    notes = Notes()
    with recorded_by(notes):
        await schema.execute("mutation { make }")
    await schema.execute("mutation { make }")
    assert [path for path, *_ in notes.told] == ["make"]


async def test_the_options_draw_who_is_told() -> None:
    notes, draws = Notes(), iter([True, False])
    options = Options(compile_after=0, recorder=lambda: notes if next(draws) else None)
    with executed_by(schema, CompiledExecutionContext.configured(options)):
        for _ in range(2):
            await schema.execute("{ items { id } }", context_value=notes.clock)
    assert [path for path, *_ in notes.told] == ["items", "items.0.id"]


async def test_one_draw_decides_of_each_operation_that_is_entered() -> None:
    notes = Notes()
    draws = [None, notes, None]
    options = Options(compile_after=0, recorder=lambda: draws.pop(0))
    with executed_by(schema, CompiledExecutionContext.configured(options)):
        entry = DirectEntry(schema)
        for _ in range(3):
            await entry.execute("{ items { id } }", context_value=notes.clock)
    assert (draws, [path for path, *_ in notes.told]) == ([], ["items", "items.0.id"])


async def test_what_stood_round_the_resolvers_before_stands_there_still() -> None:
    class Doubling(strawberry.extensions.SchemaExtension):
        def resolve(self, _next: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
            value = _next(root, info, *args, **kwargs)
            return value * 2 if info.field_name == "make" else value

    notes = Notes()
    doubling = strawberry.Schema(
        Query, Mutation, execution_context_class=CompiledExecutionContext, extensions=[Doubling]
    )
    with recorded_by(notes):
        result = await doubling.execute("mutation { make }")
    assert (result.data, [path for path, *_ in notes.told]) == ({"make": 6}, ["make"])
