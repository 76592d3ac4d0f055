"""Subscriptions all the way: a subgraph's WebSocket, entities over HTTP, and clients by events or by WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from prometheus_client import CollectorRegistry
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.app import GatewayApp, GatewayParts
from gateway.edge.engine import Engine
from gateway.supergraph import load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import HttpTransport
from tests.gateway.edge.serving import served
from tests.gateway.edge.upstream import Upstream, next_of, upstream

_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n'
_POSTS = (
    _LINK
    + 'type Query { a: Int } type Subscription { added: Post } type Post @key(fields: "id") { id: ID! text: String! }'
)
_LIKES = _LINK + 'type Post @key(fields: "id") { id: ID! likes: Int }'
_QUERY = "subscription { added { text likes } }"
_EVENTS = {"accept": "text/event-stream"}


def _post(number: int, **more: Any) -> dict[str, Any]:
    return {"added": {"__typename": "Post", "id": str(number), "text": f"t{number}", **more}}


def _likes(request: dict[str, Any]) -> Any:
    entities = [{"likes": int(one["id"]) * 10} for one in request["variables"]["representations"]]
    return {"data": {"_entities": entities}}


def _answer(number: int) -> dict[str, Any]:
    return {"data": {"added": {"text": f"t{number}", "likes": number * 10}}}


async def _three(peer: Upstream, socket: WebSocket) -> None:
    for number in range(3):
        await socket.send_json(next_of(_post(number)))
    await socket.send_json({"id": "1", "type": "complete"})


async def _one_and_silence(peer: Upstream, socket: WebSocket) -> None:
    await socket.send_json(next_of(_post(0)))
    while True:
        peer.heard.append(await socket.receive_json())


@asynccontextmanager
async def _gateway(posts: Upstream, likes: Upstream) -> AsyncIterator[int]:
    sdl = compose_from_sdls([("posts", posts.url, _POSTS), ("likes", likes.url, _LIKES)]).supergraph_sdl
    settings, metrics = GatewaySettings(limit_loopback=False), GatewayMetrics(CollectorRegistry())
    supergraph = load_supergraph(sdl)
    transports = {one.name: HttpTransport(one.name, one.url) for one in supergraph.subgraphs.values()}
    engine = Engine(supergraph, transports, settings, metrics)
    try:
        async with served(GatewayApp(GatewayParts(lambda: engine, settings, metrics))) as port:
            yield port
    finally:
        await engine.close()


def _frames(text: str) -> list[Any]:
    frames = [frame for frame in text.split("\n\n") if frame and not frame.startswith(":")]
    assert frames.pop() == "event: complete\ndata: "
    return [json.loads(frame.removeprefix("event: next\ndata: ")) for frame in frames]


async def test_each_event_is_completed_by_other_subgraphs_and_sent_as_it_comes() -> None:
    async with (
        upstream(_three, _three) as posts,
        upstream(answer=_likes) as likes,
        _gateway(posts, likes) as port,
    ):
        url = f"http://127.0.0.1:{port}/graphql"
        async with httpx.AsyncClient() as client:
            posted = await client.post(url, json={"query": _QUERY}, headers=_EVENTS)
            proof = {**_EVENTS, "apollo-require-preflight": "1"}
            got = await client.get(url, params={"query": _QUERY}, headers=proof)
    assert posted.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert _frames(posted.text) == _frames(got.text) == [_answer(0), _answer(1), _answer(2)]
    assert posts.heard[0]["payload"]["query"] == "subscription{added{text __typename id}}".replace(
        "text __typename id", "__typename text id"
    )


async def test_a_client_that_goes_away_ends_the_stream_at_the_subgraph() -> None:
    async with (
        upstream(_one_and_silence, _one_and_silence) as posts,
        upstream(answer=_likes) as likes,
        _gateway(posts, likes) as port,
    ):
        async with httpx.AsyncClient() as client:
            request = client.build_request(
                "POST", f"http://127.0.0.1:{port}/graphql", json={"query": _QUERY}, headers=_EVENTS
            )
            answer = await client.send(request, stream=True)
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    assert json.loads(line.removeprefix("data: ")) == _answer(0)
                    break
            await answer.aclose()
        await posts.until(lambda: posts.ended == 1)
        async with _socket(port) as socket:
            await socket.send(json.dumps({"id": "x", "type": "subscribe", "payload": {"query": _QUERY}}))
            assert json.loads(await socket.recv()) == {"id": "x", "type": "next", "payload": _answer(0)}
            await socket.send(json.dumps({"id": "x", "type": "complete"}))
            await posts.until(lambda: posts.ended == 2)
    assert [one for one in posts.heard if one["type"] == "complete"] == [{"id": "1", "type": "complete"}] * 2


async def test_a_stream_that_is_cut_is_opened_anew_and_goes_on() -> None:
    async def cut(peer: Upstream, socket: WebSocket) -> None:
        await socket.send_json(next_of(_post(0)))
        await socket.close(1012)

    async with (
        upstream(cut, cut, _three) as posts,
        upstream(answer=_likes) as likes,
        _gateway(posts, likes) as port,
    ):
        heard = await _events(port)
    assert heard == [_answer(number) for number in (0, 0, 0, 1, 2)]
    assert posts.opened == 3


async def test_what_the_next_connection_would_meet_again_is_told_at_once() -> None:
    async def refused(peer: Upstream, socket: WebSocket) -> None:
        await socket.send_json(next_of(_post(1)))
        await socket.close(4400, "no")

    async with upstream(refused) as posts, upstream(answer=_likes) as likes, _gateway(posts, likes) as port:
        heard = await _events(port)
    error = {
        "message": "Subgraph 'posts' did not answer: the subscription was cut short",
        "path": ["added"],
        "extensions": {"code": "SUBREQUEST_WEBSOCKET_ERROR", "service": "posts"},
    }
    assert heard == [_answer(1), {"errors": [error], "data": {"added": None}}]
    assert posts.opened == 1


async def test_an_event_with_errors_or_of_a_wrong_shape_is_told_and_the_next_one_comes() -> None:
    async def play(peer: Upstream, socket: WebSocket) -> None:
        error = {"message": "half", "path": ["added", "text"], "extensions": {"code": "HALF"}}
        await socket.send_json(next_of({"added": None}, errors=[error]))
        await socket.send_json(next_of(_post(1, text=None)))
        await socket.send_json(next_of({"added": "no object"}))
        await socket.send_json(next_of(_post(2)))
        await socket.send_json({"id": "1", "type": "complete"})

    async with upstream(play) as posts, upstream(answer=_likes) as likes, _gateway(posts, likes) as port:
        heard = await _events(port)

    def told(message: str, code: str, *path: str, **more: str) -> dict[str, Any]:
        error = {"message": message, "path": list(path), "extensions": {"code": code, **more}}
        return {"errors": [error], "data": {"added": None}}

    invalid = "INVALID_SUBGRAPH_RESPONSE"
    assert heard == [
        told("half", "HALF", "added", "text", service="posts"),
        told("Cannot return null for non-nullable field Post.text.", invalid, "added", "text"),
        told("A subgraph's value for Subscription.added is not an object.", invalid, "added"),
        _answer(2),
    ]


async def test_a_subgraph_that_is_away_is_told_and_the_subscription_is_over() -> None:
    async with upstream() as posts, upstream(answer=_likes) as likes:
        posts.url = "http://127.0.0.1:1/graphql"
        async with _gateway(posts, likes) as port:
            heard = await _events(port)
    error = {
        "message": "Subgraph 'posts' did not answer: no WebSocket connection",
        "path": ["added"],
        "extensions": {"code": "SUBREQUEST_WEBSOCKET_ERROR", "service": "posts"},
    }
    assert heard == [{"errors": [error], "data": {"added": None}}]


async def test_a_subgraph_is_held_up_while_a_client_does_not_read() -> None:
    async def flood(peer: Upstream, socket: WebSocket) -> None:
        text = json.dumps(next_of(_post(1, text=secrets.token_hex(25_000))))
        with contextlib.suppress(TimeoutError):
            while peer.sent < 1000:
                async with asyncio.timeout(1.0):  # blocked for so long: nobody takes any more
                    await socket.send_text(text)
                peer.sent += 1
        peer.held_up = True
        await socket.receive_json()

    async with upstream(flood) as posts, upstream(answer=_likes) as likes, _gateway(posts, likes) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        body = json.dumps({"query": "subscription { added { text } }"})
        head = (
            "POST /graphql HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        writer.write((head + body).encode())
        await reader.readline()
        await posts.until(lambda: posts.held_up)
        writer.close()
        await writer.wait_closed()
        await posts.until(lambda: posts.ended == 1)
    assert 0 < posts.sent < 1000


@asynccontextmanager
async def _socket(port: int) -> AsyncIterator[Any]:
    address = f"ws://127.0.0.1:{port}/graphql"
    async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        yield socket


async def _events(port: int) -> list[Any]:
    """Everything one subscription is answered over a WebSocket."""
    async with _socket(port) as socket:
        await socket.send(json.dumps({"id": "x", "type": "subscribe", "payload": {"query": _QUERY}}))
        heard = []
        while (message := json.loads(await socket.recv()))["type"] == "next":
            heard.append(message["payload"])
        assert message == {"id": "x", "type": "complete"}
        return heard
