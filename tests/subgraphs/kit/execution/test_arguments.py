"""A resolver gets its arguments as the whole chain would hand them over, and may do with them what it likes."""

from __future__ import annotations

from contextvars import ContextVar
from enum import Enum
from typing import Annotated, Any, NewType

import pytest
import strawberry
from strawberry import UNSET
from strawberry.schema.config import StrawberryConfig

from subgraphs.kit.execution import DocumentCache, together
from tests.subgraphs.kit.execution.both import AT_ONCE, answers


@strawberry.enum
class Colour(Enum):
    RED = "r"
    BLUE = "b"


@strawberry.input
class Size:
    width: int = 3


async def _sizes(items: Any, info: strawberry.Info, by: int = 1, of: list[Colour] | None = None) -> list[str]:
    return [f"{by} {of} {info.field_name}" for _ in items]


@strawberry.type
class Item:
    name: str

    @strawberry.field
    def shown(self, in_colour: Colour = Colour.RED, times: int | None = UNSET) -> str:
        return repr((self.name, in_colour, times))

    @strawberry.field
    async def later(self, asked: strawberry.Info, id: strawberry.ID, root: strawberry.Parent[Any]) -> str:  # noqa: A002
        return repr((self is root, asked.field_name, id))

    sizes: str = strawberry.field(resolver=together(_sizes))


@strawberry.type
class Query:
    @strawberry.field
    def items(self, names: list[str] = ["a", "b"]) -> list[Item]:  # noqa: B006 - changed below, on purpose
        names.append("more")
        return [Item(name=name) for name in names]

    @strawberry.field
    def named(
        self,
        info: strawberry.Info,
        other_names: Annotated[list[str | None] | None, strawberry.argument(name="others")] = None,
        size: Size | None = None,
    ) -> str:
        return repr((info.path.key, other_names, size))

    @strawberry.field
    def sized(self, size: Size) -> str:
        return repr(size)


_SCHEMA = strawberry.Schema(query=Query, extensions=[DocumentCache])


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ items { name } }", {}),
        ("query ($n: [String!]!) { items(names: $n) { name } again: items(names: $n) { name } }", {"n": ["x"]}),
        ('{ items(names: "one") { shown a: shown(inColour: BLUE, times: 2) b: shown(times: null) } }', {}),
        ("query ($c: Colour!, $t: Int) { items { shown(inColour: $c, times: $t) } }", {"c": "BLUE"}),
        ('{ items { later(id: 7) b: later(id: "x") sizes c: sizes(by: 2, of: [RED, BLUE]) d: sizes(of: null) } }', {}),
        ('{ named a: named(others: ["x", null]) b: named(others: null, size: {}) c: named(size: {width: 1}) }', {}),
        ("{ sized(size: {width: 9}) }", {}),
        ("query ($t: Int!) { items { shown(times: $t) } }", {"t": "no number"}),
    ],
)  # fmt: skip
async def test_a_resolver_gets_what_the_chain_hands_over(query: str, variables: dict[str, Any]) -> None:
    stock, compiled = await answers(_SCHEMA, query, variables)
    assert compiled == stock


TENANT: ContextVar[int] = ContextVar("tenant", default=0)
Number = NewType("Number", int)
READ_BY_TENANT = strawberry.scalar(
    name="Number", serialize=int, parse_value=lambda value: int(value) - TENANT.get()
)


async def test_what_a_scalar_of_ones_own_reads_is_read_anew_for_each_request() -> None:
    @strawberry.type
    class Query:
        @strawberry.field(graphql_type=list[int])  # type: ignore[untyped-decorator]
        def thing(self, number: Number, other: int = 1) -> Any:
            return [number, other]

    schema = strawberry.Schema(
        query=Query,
        config=StrawberryConfig(scalar_map={Number: READ_BY_TENANT}),
        extensions=[DocumentCache],
        execution_context_class=AT_ONCE,
    )
    for tenant in (1, 2):
        TENANT.set(tenant)
        result = await schema.execute('{ thing(number: "9") }')
        assert result.data == {"thing": [9 - tenant, 1]}
