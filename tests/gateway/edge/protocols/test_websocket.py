"""`graphql-transport-ws`: the protocol's order, and the codes a connection is closed with."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from starlette.websockets import WebSocketDisconnect

from gateway.config import GatewaySettings
from gateway.edge.app import GatewayApp
from gateway.edge.identity.access import Access, TokenRules
from tests.gateway.edge.graph import Subgraph, app, parts

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette asks for a client that is not released for general use
    from starlette.testclient import TestClient, WebSocketTestSession

_INIT = {"type": "connection_init"}
_TICKS = {"query": "subscription ($to: Int!) { ticks(to: $to) }", "variables": {"to": 2}}


def _connect(**guards: Any) -> WebSocketTestSession:
    return TestClient(app(**guards)).websocket_connect("/graphql", subprotocols=["graphql-transport-ws"])


def test_events_come_in_order_and_then_the_end() -> None:
    with _connect() as socket:
        socket.send_json(_INIT)
        assert socket.receive_json() == {"type": "connection_ack"}
        socket.send_json({"id": "1", "type": "subscribe", "payload": _TICKS})
        assert [socket.receive_json() for _ in range(3)] == [
            {"id": "1", "type": "next", "payload": {"data": {"ticks": 0}}},
            {"id": "1", "type": "next", "payload": {"data": {"ticks": 1}}},
            {"id": "1", "type": "complete"},
        ]


def test_queries_are_answered_too_and_mistakes_are_errors_of_the_operation() -> None:
    with _connect() as socket:
        socket.send_json(_INIT)
        socket.receive_json()
        socket.send_json({"id": "q", "type": "subscribe", "payload": {"query": "{ hello }"}})
        answered = [socket.receive_json() for _ in range(2)]
        socket.send_json({"id": "w", "type": "subscribe", "payload": {"query": "{ nothing }"}})
        wrong = socket.receive_json()
        socket.send_json({"type": "ping"})
        assert socket.receive_json() == {"type": "pong"}
    assert answered == [
        {"id": "q", "type": "next", "payload": {"data": {"hello": "Hello you"}}},
        {"id": "q", "type": "complete"},
    ]
    assert (wrong["type"], wrong["payload"][0]["extensions"]["code"]) == (
        "error",
        "GRAPHQL_VALIDATION_FAILED",
    )


def _twice(socket: WebSocketTestSession) -> None:
    socket.send_json(_INIT)
    socket.receive_json()
    socket.send_json(_INIT)


def _too_early(socket: WebSocketTestSession) -> None:
    socket.send_json({"id": "1", "type": "subscribe", "payload": _TICKS})


def _same_id(socket: WebSocketTestSession) -> None:
    socket.send_json(_INIT)
    socket.receive_json()
    many = {**_TICKS, "variables": {"to": 1_000_000}}
    for _ in range(2):
        socket.send_json({"id": "1", "type": "subscribe", "payload": many})


_CLOSED: dict[str, tuple[int, Callable[[WebSocketTestSession], None]]] = {
    "no JSON": (4400, lambda s: s.send_text("{")),
    "no object": (4400, lambda s: s.send_text("[]")),
    "an unknown message": (4400, lambda s: s.send_json({"type": "start"})),
    "a payload that is none": (4400, lambda s: s.send_text(json.dumps({**_INIT, "payload": 3}))),
    "a second init": (4429, _twice),
    "an operation before the init": (4401, _too_early),
    "one id twice": (4409, _same_id),
}


@pytest.mark.parametrize(("code", "misbehave"), _CLOSED.values(), ids=_CLOSED.keys())
def test_misbehaviour_closes_with_its_code(
    code: int, misbehave: Callable[[WebSocketTestSession], None]
) -> None:
    with _connect() as socket:
        misbehave(socket)
        assert _closed(socket) == code


def _closed(socket: WebSocketTestSession) -> int:
    """The code a connection ends with, whatever still comes before."""
    while True:
        try:
            socket.receive_json()
        except WebSocketDisconnect as closed:
            return closed.code


def test_who_says_nothing_is_closed_with_4408() -> None:
    with _connect(init_seconds=0.05) as socket:
        assert _closed(socket) == 4408


def test_another_protocol_is_not_spoken() -> None:
    connection = TestClient(app()).websocket_connect("/graphql", subprotocols=["graphql-ws"])
    with connection as socket:
        assert _closed(socket) == 4406


def test_operations_are_counted_as_requests_are() -> None:
    settings = GatewaySettings(limit_loopback=True)
    served = app(settings, requests_per_second=0.001, burst=3)
    with TestClient(served).websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        socket.send_json(_INIT)
        socket.receive_json()
        answers = []
        for n in range(3):
            socket.send_json({"id": str(n), "type": "subscribe", "payload": {"query": "{ hello }"}})
            answers.append(socket.receive_json())
            if answers[-1]["type"] == "next":
                socket.receive_json()
    assert [a["type"] for a in answers] == ["next", "next", "error"]
    assert answers[-1]["payload"][0]["extensions"] == {"code": "RATE_LIMITED"}


class _Keys:
    def __init__(self) -> None:
        self.private = Ed25519PrivateKey.generate()

    async def key(self, kid: str) -> Ed25519PublicKey | None:
        return self.private.public_key()

    def token(self, expires: float) -> str:
        claims = {"iss": "i", "aud": "a", "sub": "s", "exp": expires}
        return "Bearer " + jwt.encode(claims, self.private, "EdDSA", headers={"kid": "1", "typ": "at+jwt"})


@pytest.mark.parametrize(
    ("seconds", "code"), [(-5.0, 4401), (0.05, 4403)], ids=["before it came", "while it was open"]
)
def test_a_socket_lives_no_longer_than_the_token_it_was_opened_with(seconds: float, code: int) -> None:
    keys, now = _Keys(), time.time()
    made = replace(parts(Subgraph()), access=Access(keys, TokenRules("i", "a"), lambda: now))
    connection = TestClient(GatewayApp(made)).websocket_connect(
        "/graphql", subprotocols=["graphql-transport-ws"]
    )
    with connection as socket:
        init = {**_INIT, "payload": {"Authorization": keys.token(now + seconds)}}
        socket.send_json(init)
        assert _closed(socket) == code
