"""``@defer`` over HTTP and over a WebSocket: whole outputs, both formats, and clients that go away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from gateway.config import GatewaySettings
from gateway.edge.app import GatewayApp, GatewayParts
from gateway.edge.engine import Engine
from gateway.telemetry.metrics import GatewayMetrics
from tests.gateway.edge.serving import served
from tests.gateway.execution.federated import Federated, Obj

_APOLLO = "multipart/mixed;deferSpec=20220824, application/json"
_DRAFT = "multipart/mixed, application/json"
_QUERY = '{ top { id ... @defer(label: "slow") { name stars } } }'
_SDLS = {
    "a": 'type Query { top: Thing } type Thing @key(fields: "id") { id: ID! name: String } '
    "type Mutation { make: Thing } type Subscription { made: Thing }",
    "b": 'type Thing @key(fields: "id") { id: ID! stars: Int! @shareable }',
}


def _graph(**thing: Any) -> Federated:
    one: Obj = {"__typename": "Thing", "id": "1", "name": "One", "stars": 5, **thing}
    return Federated(_SDLS, {"top": one, "make": one}, {"Thing": [one]})


@asynccontextmanager
async def _serving(graph: Federated) -> AsyncIterator[int]:
    settings, metrics = GatewaySettings(limit_loopback=False), GatewayMetrics(CollectorRegistry())
    engine = Engine(graph.supergraph, graph.transports, settings, metrics)
    async with served(GatewayApp(GatewayParts(lambda: engine, settings, metrics))) as port:
        yield port


async def _post(port: int, query: str, accept: str, **more: Any) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(
            f"http://127.0.0.1:{port}/graphql", json={"query": query, **more}, headers={"accept": accept}
        )


def _parts(*answers: str) -> str:
    head = "\r\n---\r\ncontent-type: application/json; charset=utf-8\r\n\r\n"
    return "".join(head + answer for answer in answers) + "\r\n-----\r\n"


@pytest.mark.parametrize("query", [_QUERY, _QUERY.replace("@defer", "@ # as grammar has it\ndefer")])
async def test_apollos_clients_get_each_fragment_as_a_part(query: str) -> None:
    async with _serving(_graph()) as port:
        answer = await _post(port, query, _APOLLO)
    assert answer.headers["content-type"] == 'multipart/mixed; boundary="-"; deferSpec=20220824'
    assert answer.text == _parts(
        '{"data":{"top":{"id":"1"}},"hasNext":true}',
        '{"incremental":[{"data":{"name":"One","stars":5},"path":["top"],"label":"slow"}],"hasNext":false}',
    )


async def test_the_current_draft_announces_its_parts_and_completes_them() -> None:
    async with _serving(_graph()) as port:
        answer = await _post(port, _QUERY, _DRAFT)
    assert answer.headers["content-type"] == 'multipart/mixed; boundary="-"'
    assert answer.text == _parts(
        '{"data":{"top":{"id":"1"}},"pending":[{"id":"0","path":["top"],"label":"slow"}],"hasNext":true}',
        '{"incremental":[{"id":"0","data":{"name":"One","stars":5}}],"completed":[{"id":"0"}],"hasNext":false}',
    )


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/json", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
        ("multipart/mixed; deferSpec=20990101, application/json", "application/json; charset=utf-8"),
        ("multipart/mixed; subscriptionSpec=1.0, application/json", "application/json; charset=utf-8"),
        ("application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
    ],
)
async def test_whoever_takes_no_parts_gets_the_whole(accept: str, content_type: str) -> None:
    async with _serving(_graph()) as port:
        answer = await _post(port, _QUERY, accept)
    assert answer.headers["content-type"] == content_type
    assert answer.text == '{"data":{"top":{"id":"1","name":"One","stars":5}}}'


async def test_what_defers_nothing_is_one_answer() -> None:
    query = "query ($late: Boolean!) { top { id ... @defer(if: $late) { name } } }"
    async with _serving(_graph()) as port:
        plain = await _post(port, "{ top { id } }", _APOLLO)
        switched_off = await _post(port, query, _DRAFT, variables={"late": False})
        switched_on = await _post(port, query, _DRAFT, variables={"late": True})
        only_parts = await _post(port, "{ top { id } }", "multipart/mixed")
        nowhere = await _post(port, "{ top @skip(if: true) { id ...@defer { name } } }", _APOLLO)
    assert plain.text == '{"data":{"top":{"id":"1"}}}'
    assert switched_off.text == '{"data":{"top":{"id":"1","name":"One"}}}'
    assert '"pending":[{"id":"0","path":["top"]}]' in switched_on.text
    assert only_parts.text == _parts('{"data":{"top":{"id":"1"}},"hasNext":false}')
    assert nowhere.text == '{"data":{}}'


async def test_a_null_where_none_may_be_takes_its_fragment_alone() -> None:
    graph = _graph(stars=None)
    message = "Cannot return null for non-nullable field Thing.stars."
    async with _serving(graph) as port:
        apollo = await _post(port, _QUERY, _APOLLO)
        draft = await _post(port, _QUERY, _DRAFT)
    told = json.dumps(message)
    path = '"path":["_entities",0,"stars"]'
    assert path not in apollo.text
    error = (
        f'{{"message":{told},"path":["top","stars"],'
        '"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"b"}}'
    )
    assert apollo.text == _parts(
        '{"data":{"top":{"id":"1"}},"hasNext":true}',
        f'{{"incremental":[{{"data":null,"path":["top"],"label":"slow","errors":[{error}]}}],"hasNext":false}}',
    )
    assert draft.text == _parts(
        '{"data":{"top":{"id":"1"}},"pending":[{"id":"0","path":["top"],"label":"slow"}],"hasNext":true}',
        f'{{"completed":[{{"id":"0","errors":[{error}]}}],"hasNext":false}}',
    )


async def test_a_request_that_is_refused_is_refused_as_ever() -> None:
    async with _serving(_graph()) as port:
        unknown = await _post(port, "{ top { no ... @defer { id } } }", _APOLLO)
        variables = await _post(
            port, "query ($late: Boolean!) { top { ... @defer(if: $late) { id } } }", _APOLLO, variables={}
        )
    codes = [one.json()["errors"][0]["extensions"]["code"] for one in (unknown, variables)]
    assert codes == ["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"]
    assert {one.headers["content-type"] for one in (unknown, variables)} == {
        "application/json; charset=utf-8"
    }


@pytest.mark.parametrize(
    "query",
    [
        "mutation { ... @defer { make { id } } }",
        "subscription { ... @defer { made { id } } }",
        "subscription { made { ... @defer { id } } }",
        '{ top { ... @defer(label: "a") { id } ... @defer(label: "a") { name } } }',
        "query ($l: String) { top { ... @defer(label: $l) { id } } }",
        "{ top @defer { id } }",
    ],
)
async def test_defer_is_refused_where_it_may_not_stand(query: str) -> None:
    async with _serving(_graph()) as port:
        answer = await _post(port, query, _APOLLO)
    assert answer.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_what_a_mutation_made_may_come_later() -> None:
    async with _serving(_graph()) as port:
        answer = await _post(port, "mutation { make { id ... @defer { stars } } }", _APOLLO)
    assert answer.text == _parts(
        '{"data":{"make":{"id":"1"}},"hasNext":true}',
        '{"incremental":[{"data":{"stars":5},"path":["make"]}],"hasNext":false}',
    )


async def test_the_first_part_comes_while_the_rest_is_still_fetched_and_a_client_that_leaves_ends_it() -> (
    None
):
    graph = _graph()
    graph.subgraphs["b"].held = asyncio.Event()
    async with _serving(graph) as port, httpx.AsyncClient() as client:
        request = client.build_request(
            "POST",
            f"http://127.0.0.1:{port}/graphql",
            json={"query": _QUERY},
            headers={"accept": _APOLLO},
        )
        answer = await client.send(request, stream=True)
        first = await anext(answer.aiter_text())
        assert first.endswith('{"data":{"top":{"id":"1"}},"hasNext":true}\r\n---')
        await answer.aclose()
        async with asyncio.timeout(60):
            while not graph.subgraphs["b"].cancelled:  # noqa: ASYNC110 - the server's own time
                await asyncio.sleep(0.01)


async def test_over_a_websocket_parts_are_sent_to_those_that_ask_for_them() -> None:
    async with _serving(_graph()) as port:
        whole = await _over_websocket(port, {})
        draft = await _over_websocket(port, {"Accept": "multipart/mixed"})
        apollo = await _over_websocket(port, {"accept": "multipart/mixed; deferSpec=20220824"})
    assert whole == [{"data": {"top": {"id": "1", "name": "One", "stars": 5}}}]
    assert draft == [
        {
            "data": {"top": {"id": "1"}},
            "pending": [{"id": "0", "path": ["top"], "label": "slow"}],
            "hasNext": True,
        },
        {
            "incremental": [{"id": "0", "data": {"name": "One", "stars": 5}}],
            "completed": [{"id": "0"}],
            "hasNext": False,
        },
    ]
    assert apollo == [
        {"data": {"top": {"id": "1"}}, "hasNext": True},
        {
            "incremental": [{"data": {"name": "One", "stars": 5}, "path": ["top"], "label": "slow"}],
            "hasNext": False,
        },
    ]


async def _over_websocket(port: int, init: dict[str, Any]) -> list[Any]:
    address = f"ws://127.0.0.1:{port}/graphql"
    async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": init}))
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": _QUERY}}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        heard = []
        while (message := json.loads(await socket.recv()))["type"] != "complete":
            assert (message["id"], message["type"]) == ("1", "next")
            heard.append(message["payload"])
        return heard


async def test_a_query_nobody_waits_for_any_more_is_ended() -> None:
    graph = _graph()
    held = graph.subgraphs["b"]
    held.held = asyncio.Event()
    async with _serving(graph) as port, asyncio.timeout(60):
        leaving = asyncio.create_task(_post(port, "{ top { stars } }", "application/json"))
        while not held.asked:  # noqa: ASYNC110 - the server's own time
            await asyncio.sleep(0.01)
        leaving.cancel()
        while not held.cancelled:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
