"""Subscriptions over graphql-transport-ws, against a real WebSocket server."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from gateway.transport import HttpTransport, Limits, SubgraphAnswer, SubgraphRequest, SubgraphUnavailable
from tests.clock import held_clock

REQUEST = SubgraphRequest(
    "subscription S($n: Int) { a(n: $n) }",
    {"n": 1},
    "S",
    "subscription",
    {"authorization": "Bearer t", "traceparent": "00"},
)
ACK: Any = {"type": "connection_ack"}
NEXT: Any = {"id": "1", "type": "next", "payload": {"data": {"a": 1}}}
COMPLETE: Any = {"id": "1", "type": "complete"}


@dataclass
class _Peer:
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    got: list[Any] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


Play = Callable[[_Peer, ServerConnection], Awaitable[None]]


async def _receive(peer: _Peer, socket: ServerConnection) -> None:
    peer.got.append(json.loads(await socket.recv()))


def _sends(*messages: Any, close: bool = False) -> Play:
    async def play(peer: _Peer, socket: ServerConnection) -> None:
        await _receive(peer, socket)
        await socket.send(json.dumps(ACK))
        await _receive(peer, socket)
        for message in messages:
            await socket.send(message if isinstance(message, str) else json.dumps(message))
        if close:
            await socket.close(4400)
        while True:
            await _receive(peer, socket)

    return play


@contextlib.asynccontextmanager
async def _serving(play: Play, protocol: str = "graphql-transport-ws") -> AsyncIterator[_Peer]:
    peer = _Peer()

    async def connected(socket: ServerConnection) -> None:
        assert socket.request is not None
        peer.headers = {name.lower(): value for name, value in socket.request.headers.raw_items()}
        try:
            with contextlib.suppress(Exception):
                await play(peer, socket)
        finally:
            peer.ended.set()

    async with serve(connected, "127.0.0.1", 0, subprotocols=[Subprotocol(protocol)]) as server:
        peer.url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/graphql"
        yield peer


async def test_events_come_until_the_subgraph_completes_and_the_identity_goes_along() -> None:
    failed = {"id": "1", "type": "next", "payload": {"data": None, "errors": [{"message": "m"}]}}
    play = _sends({"type": "ping"}, NEXT, {"id": "other", "type": "next", "payload": 1}, failed, COMPLETE)
    async with _serving(play) as peer:
        transport = HttpTransport("books", peer.url)
        events = [event async for event in transport.subscribe(REQUEST)]
        await peer.ended.wait()
        await transport.close()
    assert events == [SubgraphAnswer({"a": 1}, [], None), SubgraphAnswer(None, [{"message": "m"}], None)]
    assert (peer.headers["authorization"], peer.headers["traceparent"]) == ("Bearer t", "00")
    assert peer.got == [
        {"type": "connection_init", "payload": {"Authorization": "Bearer t"}},
        {
            "id": "1",
            "type": "subscribe",
            "payload": {"query": REQUEST.query, "variables": {"n": 1}, "operationName": "S"},
        },
        {"type": "pong"},
    ]


async def test_closing_the_iterator_completes_at_the_subgraph() -> None:
    async with _serving(_sends(NEXT)) as peer:
        transport = HttpTransport("books", peer.url)
        events = transport.subscribe(REQUEST)
        assert isinstance(events, AsyncGenerator)
        assert (await anext(events)).data == {"a": 1}
        await events.aclose()
        await peer.ended.wait()
        await transport.close()
    assert peer.got[-1] == COMPLETE


async def test_an_operation_the_subgraph_refuses_is_one_answer_with_its_errors() -> None:
    refused = {"id": "1", "type": "error", "payload": [{"message": "no"}]}
    async with _serving(_sends(refused)) as peer:
        transport = HttpTransport("books", peer.url)
        assert [event async for event in transport.subscribe(REQUEST)] == [
            SubgraphAnswer(None, [{"message": "no"}], None)
        ]
        await transport.close()


@pytest.mark.parametrize(
    ("play", "code"),
    [
        (_sends(NEXT, close=True), "SUBREQUEST_WEBSOCKET_ERROR"),
        (_sends("{"), "SUBREQUEST_MALFORMED_RESPONSE"),
        (_sends([1]), "SUBREQUEST_MALFORMED_RESPONSE"),
        (_sends({"type": "what"}), "SUBREQUEST_MALFORMED_RESPONSE"),
        (_sends({"id": "1", "type": "next", "payload": {"data": 1}}), "SUBREQUEST_MALFORMED_RESPONSE"),
    ],
)
async def test_a_subscription_that_breaks_says_so_with_a_stable_code(play: Play, code: str) -> None:
    async with _serving(play) as peer:
        transport = HttpTransport("books", peer.url)
        with pytest.raises(SubgraphUnavailable) as failed:
            [event async for event in transport.subscribe(REQUEST)]
        await transport.close()
    assert (failed.value.subgraph, failed.value.code) == ("books", code)


async def test_a_subgraph_that_does_not_acknowledge_has_timed_out() -> None:
    asked = asyncio.Event()

    async def silent(peer: _Peer, socket: ServerConnection) -> None:
        while True:
            await _receive(peer, socket)
            asked.set()

    async with _serving(silent) as peer:
        transport = HttpTransport("books", peer.url, limits=Limits(connect_seconds=5))
        listening = asyncio.ensure_future(anext(transport.subscribe(REQUEST)))
        await asked.wait()
        with held_clock() as let_pass:
            let_pass(6)
            with pytest.raises(SubgraphUnavailable) as failed:
                await listening
        await transport.close()
    assert failed.value.code == "SUBREQUEST_TIMEOUT"
    with pytest.raises(SubgraphUnavailable) as failed:
        [event async for event in HttpTransport("books", peer.url).subscribe(REQUEST)]
    assert failed.value.code == "SUBREQUEST_WEBSOCKET_ERROR"
