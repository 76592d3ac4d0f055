"""Requests that do not come whole, or never end, on a real socket."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from starlette.types import Receive, Scope, Send

from gateway.config import Guards
from gateway.edge.app import GatewayApp
from tests.clock import held_clock
from tests.gateway.edge.graph import Subgraph, app, parts
from tests.gateway.edge.serving import conversation, served

_GUARDS = Guards(header_seconds=0.4, body_seconds=0.4, header_bytes=8192, init_seconds=0.4)
_PATIENT = Guards(header_bytes=8192)
"""For what is told of something else: a machine that is held up would end the connection before."""
_HEAD = b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_BODY = b'{"query":"{hello}"}'
_WHOLE = _HEAD % (b"/graphql", len(_BODY)) + _BODY
_MULTIPART = (
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nApollo-Require-Preflight: 1\r\nContent-Length: 1000000\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    b'--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}'
)
_UPGRADE = b"GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
_KEY = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
_CHUNKED = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
_MUCH = b"x" * (8192 + (1 << 18) + 6)
"""As much as may come beside a body, and a little."""


_ENDED: dict[str, tuple[bytes, list[bytes], bytes]] = {
    "a head that stalls": (b"", [b"GET /graphql HTTP/1.1\r\nHo"], b""),
    "a head that drips": (b"", [b"GET /graphql HTTP/1.1\r\nHost: a\r\nA: "], b"x"),
    "headers that drip": (b"", [b"GET /graphql HTTP/1.1\r\nHost: a\r\n"], b"A: b\r\n"),
    "a handshake that drips": (b"", [_UPGRADE], b"x"),
    "nothing at all": (b"", [], b""),
    "a header without an end": (b"HTTP/1.1 431", [b"GET / HTTP/1.1\r\nA: "], b"x" * 4000),
    "headers without an end": (b"HTTP/1.1 431", [b"GET / HTTP/1.1\r\n"], b"A: " + b"x" * 4000 + b"\r\n"),
    "an address without an end": (b"HTTP/1.1 431", [b"GET /"], b"x" * 4000),
    "a trailer without an end": (b"HTTP/1.1 431", [_CHUNKED + b"0\r\nA: ", _MUCH], b""),
    "trailers without an end": (b"HTTP/1.1 431", [_CHUNKED + b"0\r\n", b"A: b\r\n" * (len(_MUCH) // 6)], b""),
    "a chunk's size without an end": (b"HTTP/1.1 431", [_CHUNKED + b"1;", _MUCH], b""),
    "a handshake with a body": (b"HTTP/1.1 400", [_UPGRADE + _KEY + b"Content-Length: 5\r\n\r\n"], b""),
    "a handshake with too many headers": (
        b"HTTP/1.1 400",
        [_UPGRADE + _KEY + b"A: b\r\n" * 200 + b"\r\n"],
        b"",
    ),
    "a body that stalls": (b"HTTP/1.1 408", [_HEAD % (b"/graphql", 100)], b""),
    "a body that drips": (b"HTTP/1.1 408", [_HEAD % (b"/graphql", 10_000)], b" "),
    "a multipart body that drips": (b"HTTP/1.1 408", [_MULTIPART], b" "),
    "empty lines after an answer": (b"HTTP/1.1 200", [_WHOLE], b"\r\n"),
    "a second head that drips": (b"HTTP/1.1 200", [_WHOLE, b"GET / HTTP/1.1\r\nA: "], b"x"),
    "nothing more after answers": (b"HTTP/1.1 200", [_WHOLE, _WHOLE], b""),
}


@pytest.mark.parametrize(("answer", "said", "repeated"), _ENDED.values(), ids=_ENDED.keys())
async def test_the_connection_is_ended(answer: bytes, said: list[bytes], repeated: bytes) -> None:
    late, ended = answer == b"HTTP/1.1 408", answer in (b"", b"HTTP/1.1 200")
    served_app = app(body_seconds=0.4) if late else app()
    async with served(served_app, _GUARDS if ended else _PATIENT) as port, asyncio.timeout(60):
        heard = await conversation(port, *said, repeated=repeated)
    assert heard[: len(answer)] == answer
    assert bool(heard) == bool(answer)


@pytest.mark.parametrize(
    ("hosts", "answer"),
    [(b"", b"HTTP/1.1 400"), (b"Host: a\r\nHost: b\r\n", b"HTTP/1.1 400"), (b"Host: a\r\n", b"HTTP/1.1 200")],
    ids=["none", "two", "one"],
)
async def test_a_request_is_to_one_host(hosts: bytes, answer: bytes) -> None:
    async with served(app(), _PATIENT) as port, asyncio.timeout(60):
        said = b"GET /health/live HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n"
        heard = await conversation(port, said)
    assert heard.startswith(answer)


async def test_trailers_are_no_headers_of_the_request() -> None:
    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        names = b" ".join(name for name, _ in scope["headers"])
        length = (b"content-length", b"%d" % len(names))
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": names})

    head = _CHUNKED.replace(b"Host: a", b"Host: a\r\nConnection: close")
    said = head + b"0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"
    for parts_ in ([said], [said[:-20], said[-20:]]):
        async with served(told, _PATIENT) as port, asyncio.timeout(60):
            heard = await conversation(port, *parts_)
        assert heard.endswith(b"host connection content-type transfer-encoding")


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ([_WHOLE + b"GARBAGE\r\n\r\n"], [b"200", b"400"]),
        ([_WHOLE * 3 + b"GET / HTTP/1.1\r\n\r\n" + _WHOLE], [b"200", b"200", b"200", b"400"]),
        ([_WHOLE + b"GET / HTTP/1.1\r\nA: " + b"x" * 9000], [b"200", b"431"]),
        ([_WHOLE * 2 + _CHUNKED + b"zz\r\n"], [b"200", b"200", b"400"]),
        ([_CHUNKED + b"zz\r\n"], [b"400"]),
        ([b"HEAD /health/live HTTP/1.1\r\nHost: a\r\n\r\nGARBAGE\r\n\r\n"], [b"200", b"400"]),
        ([b"GARBAGE\r\n\r\n" + _WHOLE], [b"400"]),
    ],
    ids=[
        "after one",
        "after several",
        "a head without an end",
        "a body",
        "a body alone",
        "after HEAD",
        "first",
    ],
)
async def test_what_is_no_request_is_answered_after_the_requests_before_it(
    said: list[bytes], answers: list[bytes]
) -> None:
    async with served(app(), _GUARDS) as port, asyncio.timeout(10):
        heard = await conversation(port, *said)
    assert [line.split(b" ")[1] for line in heard.split(b"HTTP/1.1")[1:]] == answers


_H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
_OFFERING = _WHOLE.replace(b"\r\n\r\n", b"\r\n" + _H2C + b"\r\n")
_LAST = _WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
_HIDDEN = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize(
    "said",
    [
        [_OFFERING, _LAST],
        [_OFFERING + _OFFERING + _LAST],
        [_OFFERING[:60], _OFFERING[60:-10], _OFFERING[-10:], _LAST],
        [_OFFERING.replace(b"Upgrade: h2c", b"Upgrade: websocket"), _LAST],
        [_HEAD[:-4] % (b"/nowhere", len(_HIDDEN)) + b"\r\n" + _H2C + b"\r\n", _HIDDEN, _LAST],
    ],
    ids=["whole", "one after another", "in pieces", "a posted WebSocket", "a request as body"],
)
async def test_another_protocol_that_is_offered_is_declined_and_the_body_stays_the_requests(
    said: list[bytes],
) -> None:
    async with served(app(), _PATIENT) as port, asyncio.timeout(60):
        heard = await conversation(port, *said)
    requests = b"".join(said).count(b"POST ")
    assert heard.count(b"HTTP/1.1 ") == requests
    assert heard.count(b'{"data":{"hello":"Hello you"}}') == requests - (_HIDDEN in said)


_LARGE = 16 << 20


async def _large(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x" * _LARGE})


async def _asked(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The answer's head was read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 16)
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def test_an_answer_is_held_as_long_as_its_client_takes_some_of_it() -> None:
    taken = 0
    async with served(_large, Guards(send_seconds=0.5)) as port:
        with held_clock() as let_pass:
            reader, writer = await _asked(port)
            while chunk := await reader.read(1 << 18):
                taken += len(chunk)
                let_pass(0.01)
                await asyncio.sleep(0)
        writer.close()
    assert taken >= _LARGE


async def test_an_answer_that_is_not_taken_is_held_no_longer() -> None:
    taken = 0
    async with served(_large, Guards(send_seconds=0.5)) as port, asyncio.timeout(60):
        reader, writer = await _asked(port)
        with contextlib.suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b"\r\n")  # fails once the other end is gone
                await asyncio.sleep(0.01)
            while chunk := await reader.read(1 << 18):
                taken += len(chunk)
        writer.close()
    assert taken < _LARGE


async def test_a_body_that_nobody_reads_is_waited_for_no_longer() -> None:
    async with served(app(), _GUARDS) as port, asyncio.timeout(60):
        for path in (b"/nowhere", b"/health"):
            heard = await conversation(port, _HEAD % (path, 10_000), repeated=b" ")
            assert heard.startswith(b"HTTP/1.1 ")


async def test_requests_and_sockets_that_are_whole_live_on_past_every_bound() -> None:
    guards = Guards(header_seconds=0.2, body_seconds=0.2, init_seconds=5)
    quiet = GatewayApp(parts(Subgraph()))
    protocol = b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    async with served(quiet, guards) as port, asyncio.timeout(60):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_UPGRADE + _KEY + protocol)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
        again, second = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):  # each longer than the bounds after the one before
            second.write(_WHOLE)
            assert b"Hello you" in await again.readuntil(b'"}}')
            await asyncio.sleep(0.3)
        writer.write(
            b"\x81\x80\0\0\0\0"
        )  # an empty text frame: no message, so the socket is alive to refuse it
        assert (await reader.read(4))[:1] == b"\x88"
        for one in (writer, second):
            one.close()
