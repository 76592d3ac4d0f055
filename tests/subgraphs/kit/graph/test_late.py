"""What is late is made once, by who reads it first."""

from __future__ import annotations

from typing import Any

import strawberry

from subgraphs.kit.graph.late import late


@late("text")
@strawberry.type
class Thing:
    text: str
    other: str = "other"


def test_a_value_is_made_when_it_is_read_and_kept() -> None:
    made: list[str] = []

    def make() -> Any:
        made.append("made")
        return "text"

    thing = Thing(text=make())
    late_thing = Thing(text=make)  # type: ignore[arg-type] # as late has it
    assert made == ["made"]
    assert (late_thing.text, late_thing.text, late_thing.other, thing.text) == (
        "text",
        "text",
        "other",
        "text",
    )
    assert made == ["made", "made"]


async def test_to_strawberry_it_is_a_field_like_others() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        def thing(self) -> Thing:
            return Thing(text=lambda: "late")  # type: ignore[arg-type]

    result = await strawberry.Schema(query=Query).execute("{ thing { text other } }")
    assert result.data == {"thing": {"text": "late", "other": "other"}}
