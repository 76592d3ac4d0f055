"""An operation that is known takes its variables as graphql-core does, and says the same of those that are wrong."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any, NewType

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from subgraphs.kit.execution import CompiledExecutionContext, DirectEntry, DocumentCache
from tests.subgraphs.kit.execution.both import answer

Json = NewType("Json", object)


@strawberry.enum
class Colour(Enum):
    RED = "r"


@strawberry.input
class Size:
    width: int = 3


@strawberry.type
class Query:
    @strawberry.field
    def told(
        self,
        number: int = 7,
        texts: list[str | None] | None = None,
        tables: list[list[float]] | None = None,
        colour: Colour | None = None,
        day: date | None = None,
        size: Size | None = None,
        data: list[Json] | None = None,
    ) -> str:
        return repr((number, texts, tables, colour, day, size, data))


_SCHEMA = strawberry.Schema(
    query=Query,
    extensions=[DocumentCache],
    execution_context_class=CompiledExecutionContext,
    config=StrawberryConfig(scalar_map={Json: strawberry.scalar(name="Json")}),
)
_QUERY = """
query ($number: Int = 5, $texts: [String], $tables: [[Float!]!], $colour: Colour, $day: Date, $size: Size, $data: [Json!],
       $must: Int! = 2) {
  told(number: $number, texts: $texts, tables: $tables, colour: $colour, day: $day, size: $size, data: $data)
  again: told(number: $must)
}
"""


@pytest.mark.parametrize(
    "variables",
    [
        {"number": 1, "texts": ["a", None], "tables": [[1, 2.5], []], "must": 3},
        {"colour": "RED", "day": "2026-01-02", "size": {"width": 4}, "must": 3, "number": None},
        {"number": 1, "must": 3, "data": [{"a": [1, {"b": None}]}, "text", 1]},
        {"number": 1, "must": 3, "texts": "one", "tables": [1]},
        {"number": 1, "must": 3, "texts": ("a", "b")},
        {"number": 1, "must": 3, "texts": [1], "tables": [[None]], "colour": "BLUE", "day": "never"},
        {"number": 2**40, "must": None, "size": {"depth": 1}, "data": [None]},
        {"number": True, "must": 3.0, "unknown": 1},
        {},
        None,
    ],
)
async def test_variables_are_taken_and_refused_as_ever(variables: dict[str, Any] | None) -> None:
    entry = DirectEntry(_SCHEMA)
    await entry.execute(_QUERY, {"must": 1})
    own = await _SCHEMA.execute(_QUERY, variables)
    assert answer(await entry.execute(_QUERY, variables)) == answer(own)
