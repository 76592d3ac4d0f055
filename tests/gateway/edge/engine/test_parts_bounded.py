"""Answers in parts take a place of the exact path until all of them are made, or nobody waits for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
from prometheus_client import CollectorRegistry
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from gateway.config import GatewaySettings, Guards
from gateway.edge.app import GatewayApp, GatewayParts
from gateway.edge.engine import Engine
from gateway.edge.engine.exact_path import ExactPath
from gateway.telemetry.metrics import GatewayMetrics
from tests.gateway.edge.serving import served
from tests.gateway.execution.federated import Federated, Obj

_PARTS = "multipart/mixed;deferSpec=20220824, application/json"
_FIRST = '{"data":{"top":{"id":"1"}},"hasNext":true}'
_REST = '{"incremental":[{"data":{"stars":5},"path":["top"]}],"hasNext":false}'
_OVERLOADED = {
    "errors": [
        {
            "message": "Too many operations are under way. Try again in a second.",
            "extensions": {"code": "OVERLOADED"},
        }
    ]
}
_SDLS = {
    "a": 'type Query { top: Thing } type Thing @key(fields: "id") { id: ID! }',
    "b": 'type Thing @key(fields: "id") { id: ID! stars: Int! }',
}


def _query(name: str) -> str:
    return f"query {name} {{ top {{ id ... @defer {{ stars }} }} }}"


def _graph() -> Federated:
    one: Obj = {"__typename": "Thing", "id": "1", "stars": 5}
    return Federated(_SDLS, {"top": one}, {"Thing": [one]})


@asynccontextmanager
async def _serving(waiting: int = 0) -> AsyncIterator[tuple[httpx.AsyncClient, Federated, list[str | None]]]:
    """One place, and so many who may wait for it; what is deferred is held back. Last, which operations have ended."""
    graph = _graph()
    graph.subgraphs["b"].held = asyncio.Event()
    settings = GatewaySettings(limit_loopback=False)
    guards = replace(settings.guards, exact_operations=1, exact_waiting=waiting)
    settings, metrics = replace(settings, guards=guards), GatewayMetrics(CollectorRegistry())
    engine = Engine(graph.supergraph, graph.transports, settings, metrics)
    ended: list[str | None] = []
    parts = GatewayParts(lambda: engine, settings, metrics, ended=lambda done, _: ended.append(done.name))
    async with (
        served(GatewayApp(parts)) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        yield client, graph, ended


def _request(client: httpx.AsyncClient, query: str, accept: str = _PARTS) -> httpx.Request:
    return client.build_request("POST", "/graphql", json={"query": query}, headers={"accept": accept})


async def _begun(client: httpx.AsyncClient, query: str) -> tuple[httpx.Response, AsyncIterator[str]]:
    """An answer whose first part has come."""
    answer = await client.send(_request(client, query), stream=True)
    text = answer.aiter_text()
    assert _FIRST in await anext(text)
    return answer, text


def _let_go(graph: Federated) -> None:
    held = graph.subgraphs["b"].held
    assert held is not None
    held.set()


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - the server's own time
            await asyncio.sleep(0.01)


async def test_an_answer_in_parts_takes_a_place_until_it_is_whole() -> None:
    async with _serving() as (client, graph, _):
        _, rest = await _begun(client, _query("A"))
        for accept in (_PARTS, "application/json"):
            refused = await client.send(_request(client, _query("B"), accept))
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
            assert refused.json() == _OVERLOADED
        _let_go(graph)
        assert _REST in "".join([text async for text in rest])
        answer = await client.send(_request(client, _query("B")))
        assert _FIRST in answer.text
        assert _REST in answer.text


async def test_a_client_that_takes_its_time_keeps_no_place() -> None:
    graph, path = _graph(), ExactPath(Guards(exact_operations=1, exact_waiting=1))
    slow = path.stream(graph.request(_query("A"), defer=True), "20220824")
    assert json.dumps(await anext(slow), separators=(",", ":")) == _FIRST
    async with asyncio.timeout(60):
        other = await path.begin(graph.request(_query("B")))
    assert other == {"data": {"top": {"id": "1", "stars": 5}}}
    assert [json.dumps(rest, separators=(",", ":")) async for rest in slow] == [_REST]


async def test_a_client_that_leaves_gives_its_place_back() -> None:
    async with _serving() as (client, graph, ended):
        for left, name in enumerate("AB", start=1):
            answer, _ = await _begun(client, _query(name))
            await answer.aclose()
            await _until(partial(ended.__contains__, name))
            assert graph.subgraphs["b"].cancelled == left


async def test_a_client_that_leaves_while_it_waits_makes_room() -> None:
    async with _serving(waiting=1) as (client, graph, ended):
        _, rest = await _begun(client, _query("A"))
        leaving, name = await _waiting(client, "B", "C")
        leaving.cancel()
        await _until(lambda: name in ended)
        staying, _ = await _waiting(client, "D", "E")
        _let_go(graph)
        assert _REST in "".join([text async for text in rest])
        assert _REST in (await staying).text


async def _waiting(client: httpx.AsyncClient, *names: str) -> tuple[asyncio.Task[httpx.Response], str]:
    """The one of two requests that waits, as the other one is refused."""
    tasks = {asyncio.create_task(client.send(_request(client, _query(name)))): name for name in names}
    (refused,), (waiting,) = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    assert (await refused).status_code == 503
    return waiting, tasks[waiting]


async def test_over_a_websocket_it_is_the_same_and_who_completes_gives_the_place_back() -> None:
    async with _serving() as (client, _, ended):
        address = str(client.base_url).replace("http", "ws", 1).rstrip("/") + "/graphql"
        async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as socket:

            async def say(**message: Any) -> None:
                await socket.send(json.dumps(message))

            async def hear() -> Any:
                return json.loads(await socket.recv())

            await say(type="connection_init", payload={"accept": _PARTS})
            assert (await hear())["type"] == "connection_ack"
            for key in ("1", "2"):
                await say(id=key, type="subscribe", payload={"query": _query("A")})
            assert await hear() == {"id": "1", "type": "next", "payload": json.loads(_FIRST)}
            assert await hear() == {"id": "2", "type": "error", "payload": _OVERLOADED["errors"]}
            await say(id="1", type="complete")
            await _until(lambda: ended == ["A", "A"])
            await say(id="3", type="subscribe", payload={"query": _query("A")})
            assert await hear() == {"id": "3", "type": "next", "payload": json.loads(_FIRST)}
