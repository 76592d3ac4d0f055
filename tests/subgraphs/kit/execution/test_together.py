"""Fields resolved together: one call for all the objects of a pass, and the answers of one call each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import strawberry
from prometheus_client import CollectorRegistry
from strawberry import Schema
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from subgraphs.kit.execution import together
from subgraphs.kit.telemetry.metrics import Metrics
from subgraphs.kit.telemetry.resolvers import time_resolvers
from tests.subgraphs.kit.execution.both import AT_ONCE, answers, executed_by

Info = strawberry.Info[list[Any], None]


async def _times(items: Sequence[Item], info: Info, by: int = 2, plus: int | None = None) -> list[int]:
    info.context.append([item.number for item in items])
    return [item.number * by + (plus or 0) for item in items]


async def _odd(items: Sequence[Item], info: Info) -> list[int | Exception]:
    return [item.number if item.number % 2 else ValueError(f"{item.number} is even") for item in items]


async def _raising(items: Sequence[Item], info: Info) -> list[int]:
    raise ValueError(f"{min(i.number for i in items)}")


async def _too_few(items: Sequence[Item], info: Info) -> list[int]:
    return []


async def _below(items: Sequence[Item], info: Info) -> list[list[Item]]:
    info.context.append(f"below {len(items)}")
    return [[Item(number=n) for n in range(item.number)] for item in items]


@strawberry.type
class Item:
    number: int
    times: int = strawberry.field(resolver=together(_times), description="So many.")
    odd: int = strawberry.field(resolver=together(_odd))
    odd_or_null: int | None = strawberry.field(resolver=together(_odd))
    raising: int | None = strawberry.field(resolver=together(_raising))
    too_few: int | None = strawberry.field(resolver=together(_too_few))
    below: list[Item] = strawberry.field(resolver=together(_below))

    @strawberry.field
    async def alone(self) -> Item | None:
        return Item(number=self.number + 10)


@strawberry.type
class Query:
    @strawberry.field
    def items(self, count: int = 3) -> list[Item | None]:
        return [Item(number=n) for n in range(count)]


SCHEMA = Schema(Query)


def test_the_schema_is_that_of_ordinary_resolvers() -> None:
    assert '''type Item {
  number: Int!

  """So many."""
  times(by: Int! = 2, plus: Int = null): Int!
  odd: Int!
  oddOrNull: Int
  raising: Int
  tooFew: Int
  below: [Item!]!
  alone: Item
}''' in SCHEMA.as_str()


@pytest.mark.parametrize(
    "query",
    [
        "{ items { times } }",
        "{ items { a: times(by: 3) number b: times(plus: 1) } }",
        "{ items(count: 0) { times } }",
        "{ items { times(by: null) } }",
        "{ items { oddOrNull number } }",
        "{ items { number odd } }",
        "{ items { number odd alone { times } } }",
        "{ items { below { times below { number odd } } alone { times } } }",
        "query ($by: Int!) { items { times(by: $by) alone { times alone { odd } } } }",
    ],
)
async def test_the_answer_is_that_of_one_call_each(query: str) -> None:
    variables = {"by": 5} if "$by" in query else {}
    stock, compiled = await answers(SCHEMA, query, variables, context=lambda told: told)
    assert (compiled.data, compiled.errors) == (stock.data, stock.errors)


async def test_all_objects_of_a_pass_are_one_call() -> None:
    query = "{ items { times below { times } alone { times } } }"
    stock, compiled = await answers(SCHEMA, query, context=lambda told: told)
    assert sorted(map(str, stock.told)) == sorted(
        ["below 1"] * 3 + ["[0]", "[1]", "[2]", "[0]", "[0]", "[1]", "[10]", "[11]", "[12]"]
    )
    assert sorted(map(str, compiled.told))[-1:] == ["below 3"]
    assert [0, 1, 2] in compiled.told
    assert [0, 0, 1] in compiled.told


async def test_what_it_raises_fails_each() -> None:
    with executed_by(SCHEMA, AT_ONCE):
        result = await SCHEMA.execute("{ items { raising tooFew } }", context_value=[])
    assert result.data == {"items": [{"raising": None, "tooFew": None}] * 3}
    assert sorted((str(e.path), e.message) for e in result.errors or ()) == sorted(
        [(str(["items", i, "raising"]), "0") for i in range(3)]
        + [(str(["items", i, "tooFew"]), "0 values were resolved together for 3 objects") for i in range(3)]
    )


async def test_each_object_counts_as_one_call() -> None:
    counts = []
    for context in (StrawberryGraphQLCoreExecutionContext, AT_ONCE):
        schema, metrics = Schema(Query), Metrics(CollectorRegistry())
        time_resolvers(schema._schema, "test", metrics)
        with executed_by(schema, context):
            await schema.execute("{ items { times oddOrNull } }", context_value=[])
        cells = [metrics.resolvers.cell("test", "Item", name) for name in ("times", "oddOrNull")]
        counts.append([(c.executions, sum(c.ok.counts), sum(c.error.counts)) for c in cells])
    assert counts == [[(3, 3, 0), (3, 1, 2)]] * 2
