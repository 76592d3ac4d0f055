"""Entities: a type that can resolve a list of references is asked once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import strawberry

from subgraphs.kit.graph.schema import build_schema

CALLS: list[Any] = []


@strawberry.federation.type(keys=["id"])
class Listed:
    id: strawberry.ID

    @classmethod
    async def resolve_reference(cls, id: strawberry.ID) -> Listed:  # noqa: A002
        CALLS.append(id)
        return cls(id=id)

    @classmethod
    async def resolve_references(cls, info: Any, ids: Sequence[str]) -> list[Listed | None]:
        CALLS.append(list(ids))
        if "bad" in ids:
            raise ValueError("a bad id")
        return [cls(id=strawberry.ID(i)) if i != "none" else None for i in ids]


@strawberry.federation.type(keys=["id", "code"])
class Single:
    id: strawberry.ID

    @classmethod
    async def resolve_reference(cls, id: strawberry.ID, code: str = "") -> Single:  # noqa: A002
        CALLS.append((id, code))
        if id == "bad":
            raise ValueError("bad")
        return cls(id=id)


@strawberry.type
class Query:
    ok: bool = True


SCHEMA = build_schema(Query, types=[Listed, Single])
QUERY = """query($r: [_Any!]!) { _entities(representations: $r) {
    __typename ... on Listed { id } ... on Single { id } } }"""


def _references(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"r": [{"__typename": type_, "id": id_} for type_, id_ in pairs]}


async def _asked(*pairs: tuple[str, str]) -> tuple[Any, Any, list[Any]]:
    CALLS.clear()
    result = await SCHEMA.execute(QUERY, _references(*pairs))
    errors = [(e.path, e.message) for e in result.errors or ()]
    return result.data and result.data["_entities"], errors, list(CALLS)


async def test_a_list_is_one_call_and_keeps_its_places() -> None:
    data, errors, calls = await _asked(("Listed", "a"), ("Single", "s"), ("Listed", "none"), ("Listed", "b"))
    assert data == [
        {"__typename": "Listed", "id": "a"},
        {"__typename": "Single", "id": "s"},
        None,
        {"__typename": "Listed", "id": "b"},
    ]
    assert (errors, calls) == ([], [["a", "none", "b"], ("s", "")])


async def test_an_error_of_the_list_is_the_error_of_each() -> None:
    data, errors, _ = await _asked(("Listed", "a"), ("Listed", "bad"), ("Single", "s"))
    assert data == [None, None, {"__typename": "Single", "id": "s"}]
    assert errors == [(["_entities", 0], "a bad id"), (["_entities", 1], "a bad id")]
