"""What subgraphs answer and what clients get for it, byte for byte, on the exact path and on the compiled one."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.responses import Response

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.app import GatewayApp, GatewayParts
from gateway.edge.engine import Engine
from gateway.supergraph import load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import HttpTransport, Limits
from tests.gateway.edge.serving import served
from tests.gateway.edge.upstream import Upstream, upstream

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n'
)
_A = (
    _LINK
    + """
    scalar JSON
    type Query { things: [Thing] one: Thing! any: JSON echo(value: JSON): JSON float: Float int: Int id: ID text: String floats: [Float!] maybe: Thing }
    type Thing @key(fields: "id") { id: ID! name: String must: String! }
    """
)
_B = _LINK + 'type Thing @key(fields: "id") { id: ID! size: Int weight: Float! }'
_Answer = Callable[[dict[str, Any]], Any]


def _nothing(_request: dict[str, Any]) -> Any:
    return {"data": None, "errors": [{"message": "not asked"}]}


class _Asked:
    """A gateway over two subgraphs that answer as they are told to."""

    def __init__(self) -> None:
        self.first: _Answer = _nothing
        self.second: _Answer = _nothing
        self.port = 0
        self.upstreams: list[Upstream] = []

    async def __call__(self, query: str, a: _Answer, b: _Answer = _nothing) -> str:
        """Ask three times: run as planned, then compiled; every answer is the same text."""
        self.first, self.second = a, b
        marked = f"{query} # {time.perf_counter_ns()}"  # prepared anew
        async with httpx.AsyncClient() as client:
            url = f"http://127.0.0.1:{self.port}/graphql"
            answers = [await client.post(url, json={"query": marked}) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        return answers[0].text


@pytest.fixture(scope="module")
async def ask() -> AsyncIterator[_Asked]:
    made = _Asked()
    async with (
        upstream(answer=lambda request: made.first(request)) as a,
        upstream(answer=lambda request: made.second(request)) as b,
    ):
        made.upstreams = [a, b]
        sdl = compose_from_sdls([("a", a.url, _A), ("b", b.url, _B)]).supergraph_sdl
        settings, metrics = GatewaySettings(limit_loopback=False), GatewayMetrics(CollectorRegistry())
        supergraph = load_supergraph(sdl)
        transports = {
            one.name: HttpTransport(one.name, one.url, limits=Limits(answer_bytes=1 << 20))
            for one in supergraph.subgraphs.values()
        }
        engine = Engine(supergraph, transports, settings, metrics)
        async with served(GatewayApp(GatewayParts(lambda: engine, settings, metrics))) as made.port:
            yield made
        await engine.close()


def _error(message: str, code: str, *path: str | int, **more: str) -> dict[str, Any]:
    return {"message": message, "path": list(path), "extensions": {"code": code, **more}}


@pytest.mark.parametrize(
    "number",
    [
        "1.0", "-0.0", "1.10", "1e400", "-1E400", "1E5", "1e5", "1.5e+3", "1E-7", "0.00001", "5e-324", "1e22",
        "0.1000000000000000055511151231257827", "123456789.123456789123", "100000000000000000000.0", "3",
        "12345678901234567890123456789",
    ],
)  # fmt: skip
async def test_a_number_leaves_as_it_came(ask: _Asked, number: str) -> None:
    body = f'{{"data": {{"any": {{"x": [{number}]}}, "float": {number}, "floats": [{number}, 1]}}}}'.encode()
    assert await ask("{ any float floats }", lambda _: body) == (
        f'{{"data":{{"any":{{"x":[{number}]}},"float":{number},"floats":[{number},1]}}}}'
    )


@pytest.mark.parametrize("number", ["9007199254740993", "-9223372036854775809", "18446744073709551617"])
async def test_integers_beyond_what_a_float_holds_are_exact(ask: _Asked, number: str) -> None:
    body = f'{{"data": {{"int": {number}, "id": {number}, "any": {number}}}}}'.encode()
    assert (
        await ask("{ int id any }", lambda _: body)
        == f'{{"data":{{"int":{number},"id":"{number}","any":{number}}}}}'
    )


async def test_a_clients_numbers_reach_the_subgraph_as_they_came(ask: _Asked) -> None:
    query = "query ($v: JSON) { echo(value: $v) }"
    ask.first = lambda _: b'{"data": {"echo": null}}'
    body = f'{{"query": "{query}", "variables": {{"v": [1E5, 1e400, 2.50, 12345678901234567890123]}}}}'
    async with httpx.AsyncClient(headers={"content-type": "application/json"}) as client:
        answers = [await client.post(f"http://127.0.0.1:{ask.port}/graphql", content=body) for _ in range(3)]
    assert [one.text for one in answers] == ['{"data":{"echo":null}}'] * 3
    sent = [one.partition(b'"variables":')[2] for one in ask.upstreams[0].bodies[-3:]]
    assert sent == [b'{"v":[1E5,1e400,2.50,12345678901234567890123]}}'] * 3


async def test_numbers_go_with_entities_as_they_came(ask: _Asked) -> None:
    def a(_request: dict[str, Any]) -> bytes:
        return (
            b'{"data": {"things": [{"__typename": "Thing", "id": "1"}, {"__typename": "Thing", "id": "2"}]}}'
        )

    def b(_request: dict[str, Any]) -> bytes:
        return b'{"data": {"_entities": [{"weight": 1E5, "size": 7}, {"weight": 2.50, "size": null}]}}'

    assert await ask("{ things { size weight } }", a, b) == (
        '{"data":{"things":[{"size":7,"weight":1E5},{"size":null,"weight":2.50}]}}'
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (r'"\ud800"', r'"\ud800"'),
        (r'"a\udfff\u0000"', r'"a\udfff\u0000"'),
        ('"é😀"', '"é😀"'),
        (r'{"\ud800": ["\ud800", 1E5]}', r'{"\ud800":["\ud800",1E5]}'),
        ('{"a": 1, "a": 2}', '{"a":2}'),
        ('{"__typename": null, "b": [[], {}]}', '{"__typename":null,"b":[[],{}]}'),
    ],
)
async def test_a_custom_scalar_is_left_alone(ask: _Asked, value: str, shown: str) -> None:
    body = f'{{"data": {{"any": {value}}}}}'.encode()
    assert await ask("{ any }", lambda _: body) == f'{{"data":{{"any":{shown}}}}}'


async def test_keys_are_in_the_operations_order_not_the_subgraphs(ask: _Asked) -> None:
    body = {"data": {"text": "t", "int": 1, "one": {"must": "m", "name": "n", "id": "1"}}}
    query = "{ one { ...F name id } int ... { text int } } fragment F on Thing { n: name must }"
    assert await ask(query, lambda _: body) == (
        '{"data":{"one":{"n":null,"must":"m","name":"n","id":"1"},"int":1,"text":"t"}}'
    )


@pytest.mark.parametrize(
    ("response", "message", "code"),
    [
        (Response("<html>", 502, media_type="text/html"), "HTTP status 502", "SUBREQUEST_HTTP_ERROR"),
        (Response("<html>", 200, media_type="text/html"), "not with JSON", "SUBREQUEST_MALFORMED_RESPONSE"),
        (Response("", 204), "not with JSON", "SUBREQUEST_MALFORMED_RESPONSE"),
        (Response("{}", 500), "HTTP status 500", "SUBREQUEST_HTTP_ERROR"),
        (Response('{"data":{"int":1}', 200), "not with JSON", "SUBREQUEST_MALFORMED_RESPONSE"),
        (Response('{"data":{"int":NaN}}', 200), "not with JSON", "SUBREQUEST_MALFORMED_RESPONSE"),
        (Response(b'{"data":{"int":\xff}}', 200), "not with JSON", "SUBREQUEST_MALFORMED_RESPONSE"),
        (Response("[1]", 200), "not with a GraphQL answer", "SUBREQUEST_MALFORMED_RESPONSE"),
        (Response('{"data":[]}', 200), "not with a GraphQL answer", "SUBREQUEST_MALFORMED_RESPONSE"),
        (Response('{"data":null}', 200), "neither with data nor with errors", "SUBREQUEST_MALFORMED_RESPONSE"),
        (Response("[" * 200_000, 200), "not with JSON", "SUBREQUEST_MALFORMED_RESPONSE"),
        (Response('{"a":' * 200_000, 200), "not with JSON", "SUBREQUEST_MALFORMED_RESPONSE"),
        (
            Response(gzip.compress(b" " * (2 << 20)), 200, {"content-encoding": "gzip"}),
            "its answer is too large",
            "SUBREQUEST_RESPONSE_TOO_LARGE",
        ),
        (
            Response(gzip.compress(b"{}" * 100)[:-9], 200, {"content-encoding": "gzip"}),
            "its answer cannot be decompressed",
            "SUBREQUEST_MALFORMED_RESPONSE",
        ),
        (
            Response("{}", 200, {"content-encoding": "br"}),
            "it answered in an unknown encoding",
            "SUBREQUEST_MALFORMED_RESPONSE",
        ),
        (Response(b" " * (2 << 20), 200), "its answer is too large", "SUBREQUEST_RESPONSE_TOO_LARGE"),
    ],
)  # fmt: skip
async def test_what_is_no_answer_leaves_a_null_and_says_so(
    ask: _Asked, response: Response, message: str, code: str
) -> None:
    told = json.loads(await ask("{ int }", lambda _: response))
    whole = f"Subgraph 'a' did not answer: {message}"
    assert told == {"errors": [_error(whole, code, "int", service="a")], "data": {"int": None}}


async def test_a_graphql_answer_counts_whatever_its_status(ask: _Asked) -> None:
    error = {"message": "half", "path": ["text"], "extensions": {"code": "HALF"}}
    body = json.dumps({"data": {"int": 1, "text": None}, "errors": [error]})
    assert json.loads(await ask("{ int text }", lambda _: Response(body, 500))) == {
        "errors": [_error("half", "HALF", "text", service="a")],
        "data": {"int": 1, "text": None},
    }


_THINGS = {"data": {"things": [{"__typename": "Thing", "id": str(n), "must": "m"} for n in range(3)]}}


@pytest.mark.parametrize("entities", [[{"size": 1}], [{"size": 1}] * 4, "x", {"size": 1}])
async def test_entities_that_are_missing_or_too_many_are_not_taken_for_others(
    ask: _Asked, entities: Any
) -> None:
    told = json.loads(
        await ask("{ things { id size } }", lambda _: _THINGS, lambda _: {"data": {"_entities": entities}})
    )
    message = "Subgraph 'b' answered with not one entity for each representation"
    assert told == {
        "errors": [_error(message, "SUBREQUEST_MALFORMED_RESPONSE", "things", service="b")],
        "data": {"things": [{"id": str(n), "size": None} for n in range(3)]},
    }


async def test_an_entity_that_is_null_or_none_leaves_what_needs_it(ask: _Asked) -> None:
    entities = [None, 5, {"size": 1, "weight": 2.5}]
    sizes = json.loads(
        await ask("{ things { id size } }", lambda _: _THINGS, lambda _: {"data": {"_entities": entities}})
    )
    weights = json.loads(
        await ask("{ things { id weight } }", lambda _: _THINGS, lambda _: {"data": {"_entities": entities}})
    )
    malformed = "Subgraph 'b' answered with an entity that is no object"
    error = _error(malformed, "SUBREQUEST_MALFORMED_RESPONSE", "things", 1, service="b")
    assert sizes == {
        "errors": [error],
        "data": {"things": [{"id": str(n), "size": 1 if n == 2 else None} for n in range(3)]},
    }
    assert weights["data"] == {"things": [None, None, {"id": "2", "weight": 2.5}]}
    assert error in weights["errors"]


async def test_a_null_where_none_may_be_goes_up_to_the_next_place_that_may_be(ask: _Asked) -> None:
    body = {
        "data": {"one": {"id": "1", "must": None}, "maybe": {"id": "2", "must": None}, "floats": [1.5, None]}
    }
    whole = json.loads(await ask("{ one { id must } }", lambda _: body))
    partial = json.loads(await ask("{ maybe { id must } floats }", lambda _: body))
    null, code = "Cannot return null for non-nullable field", "INVALID_SUBGRAPH_RESPONSE"
    assert whole == {"errors": [_error(f"{null} Thing.must.", code, "one", "must")], "data": None}
    assert partial == {
        "errors": [
            _error(f"{null} Thing.must.", code, "maybe", "must"),
            _error(f"{null} Query.floats.", code, "floats", 1),
        ],
        "data": {"maybe": None, "floats": None},
    }


async def test_an_error_of_an_entity_is_told_at_each_place_it_stands(ask: _Asked) -> None:
    things = [{"__typename": "Thing", "id": one} for one in ("1", "2", "1")]
    error = {"message": "broken", "path": ["_entities", 0, "size"], "extensions": {"code": "BROKEN"}}
    answer = {"data": {"_entities": [{"size": None}, {"size": 2}]}, "errors": [error]}
    assert json.loads(
        await ask("{ all: things { size } }", lambda _: {"data": {"all": things}}, lambda _: answer)
    ) == {
        "errors": [_error("broken", "BROKEN", "all", n, "size", service="b") for n in (0, 2)],
        "data": {"all": [{"size": None}, {"size": 2}, {"size": None}]},
    }


async def test_introspection_asks_no_subgraph(ask: _Asked) -> None:
    assert await ask(
        '{ __typename __type(name: "Thing") { name fields { name } } t: __typename }', _nothing
    ) == (
        '{"data":{"__typename":"Query","__type":{"name":"Thing","fields":[{"name":"id"},{"name":"name"},'
        '{"name":"must"},{"name":"size"},{"name":"weight"}]},"t":"Query"}}'
    )
