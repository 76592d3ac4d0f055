"""Objects whose bytes are equal are decoded, filled and encoded once, where they come often."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
from graphql import get_operation_ast, parse

from gateway.compiling import CompiledOperation
from gateway.composition import compose_from_sdls
from gateway.edge.engine.compilation import Compilation
from gateway.execution import ExecutionRequest, execute, execute_compiled
from gateway.jsontext import encode
from gateway.planning import Planner
from gateway.supergraph import load_supergraph
from gateway.transport.answers import encode_request, read_reply
from gateway.transport.protocol import (
    Encoded,
    PreparedRequest,
    Reply,
    SubgraphAnswer,
    SubgraphRequest,
    SubgraphTransport,
)

_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n'
_SDL = {
    "posts": _LINK
    + """
    type Query { posts: [Post] }
    type Post { id: ID! author: Person }
    type Person @key(fields: "id") { id: ID! about: String posts: [Post!]! friend: Person }
    """,
    "people": _LINK + 'type Person @key(fields: "id") { id: ID! name: String! age: Int }',
}
_SUPERGRAPH = load_supergraph(
    compose_from_sdls([(name, f"http://{name}", sdl) for name, sdl in _SDL.items()]).supergraph_sdl
)
_QUERY = "{ posts { id author { name about age posts { id } friend { about age posts { id } } } } }"
_LONG = "about a person there is much to say before anything that tells them from each other: "


def _person(key: str, *, friend: Any = None) -> dict[str, Any]:
    person: dict[str, Any] = {"__typename": "Person", "id": key, "about": _LONG + key, "posts": [{"id": key}]}
    return {**person, "friend": friend}


class _Posts:
    """One root fetch's answer as bytes; people have the names of their keys, but for one who has none."""

    def __init__(self, authors: list[Any]) -> None:
        self.authors = authors

    def answer(self, body: bytes) -> dict[str, Any]:
        given = json.loads(body).get("variables", {}).get("representations")
        if given is None:
            return {"data": {"posts": [{"id": str(n), "author": one} for n, one in enumerate(self.authors)]}}
        people = [{"name": None if one["id"] == "nobody" else one["id"], "age": 7} for one in given]
        return {"data": {"_entities": people}}


class _Bytes(SubgraphTransport):
    def __init__(self, answer: Callable[[bytes], dict[str, Any]]) -> None:
        self._answer = answer

    def send(self, request: PreparedRequest, done: Callable[[Reply], None]) -> Callable[[], None]:
        asyncio.get_running_loop().call_soon(done, Encoded(200, encode(self._answer(request.body))))
        return lambda: None

    async def execute(self, request: SubgraphRequest) -> SubgraphAnswer:
        return read_reply("any", Encoded(200, encode(self._answer(encode_request(request)))))

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphAnswer]:
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing is held."""


def _request(authors: list[Any], query: str = _QUERY) -> ExecutionRequest:
    document = parse(query)
    operation = get_operation_ast(document)
    assert operation is not None
    transport = _Bytes(_Posts(authors).answer)
    return ExecutionRequest(
        supergraph=_SUPERGRAPH,
        plan=Planner(_SUPERGRAPH).plan(document, None),
        document=document,
        operation=operation,
        variables={},
        transports=dict.fromkeys(_SDL, transport),
        headers_for=lambda *_: {},
    )


def _compiled(request: ExecutionRequest, *, packed: bool) -> CompiledOperation:
    compilation = Compilation(request.supergraph, request.document, request.operation, request.plan)
    plain = compilation.compile({})
    return compilation.compile({}, plain.candidates) if packed else plain


@pytest.mark.parametrize(
    "authors",
    [
        [],
        [None, _person("1"), None],
        [_person("1"), _person("1"), _person("2"), _person("1")],
        [_person("1", friend=_person("2")), _person("2"), _person("3", friend=_person("2"))],
        [_person("1", friend=_person("2")), _person("1", friend=_person("3")), _person("1")] * 2,
        [_person("nobody"), _person("1"), _person("nobody")],
    ],
    ids=["none", "null", "equal ones", "equal ones at two places", "one key, other bytes", "null bubbles"],
)
async def test_equal_objects_are_answered_as_if_each_was_decoded_for_itself(authors: list[Any]) -> None:
    request = _request(authors)
    expected = encode(await execute(request))
    for packed in (False, True):
        answer = await execute_compiled(_compiled(request, packed=packed), request)
        assert encode(answer) == expected


async def test_what_is_told_apart_by_its_bytes_is_one_object_large_and_in_a_list() -> None:
    form = _compiled(_request([]), packed=True)
    author = ("Query", "posts", "Post", "author")
    assert set(form.packed) == form.candidates == {author, (*author, "Person", "friend")}


async def _after(authors: list[Any], times: int) -> Mapping[Any, int]:
    request = _request(authors)
    compilation = Compilation(request.supergraph, request.document, request.operation, request.plan)
    await compilation.find({})  # the first use, which is never compiled
    for _ in range(times):
        form = await compilation.find({})
        assert form is not None
        await execute_compiled(form, request)
    form = await compilation.find({})
    assert form is not None
    return form.packed


async def test_whoever_comes_while_it_is_compiled_anew_takes_the_form_there_is() -> None:
    request = _request([_person("1" * 150)] * 12, _QUERY.replace(" ", " " * 300))  # compiled in a thread
    compilation = Compilation(request.supergraph, request.document, request.operation, request.plan)
    await compilation.find({})
    for _ in range(8):
        form = await compilation.find({})
        assert form is not None
        await execute_compiled(form, request)
    first, *others = await asyncio.gather(*(compilation.find({}) for _ in range(4)))
    assert first is not None
    assert first.packed
    assert all(other is form for other in others)


async def test_it_is_learnt_from_the_first_answers_where_it_pays() -> None:
    often = [_person(f"{n % 2}" * 150, friend=_person(str(n))) for n in range(12)]
    rarely = [_person(f"{n}" * 150) for n in range(12)]
    same = [_person("1" * 150, friend=_person("2"))] * 12
    assert len(await _after(same, 7)) == 0
    assert len(await _after(same, 9)) == 2
    assert set(await _after(same, 17)) == {("Query", "posts", "Post", "author")}
    assert len(await _after(often, 17)) == len(await _after(rarely, 17)) == 0
