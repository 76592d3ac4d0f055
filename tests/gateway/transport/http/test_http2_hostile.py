"""Peers that are within HTTP/2, or not, and would cost without end: what each costs, and what it is called."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from h2.settings import SettingCodes
from hpack import Encoder
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.transport import HttpAnswer, Limits
from gateway.transport.http.failures import (
    BadResponse,
    ConnectFailed,
    HttpFailure,
    Interrupted,
    TimedOut,
    TooLarge,
)
from gateway.transport.http.http2 import Http2Client
from gateway.transport.http.http2.connection import Http2Connection
from gateway.transport.http.http2.fields import request_fields
from gateway.transport.http.http2.stream import Stream
from tests.gateway.transport.serving_http2 import Asked, Play, Talk, serving_http2

PATH = "/graphql"
DATA, HEADERS, RST, SETTINGS, PUSH, PING, WINDOW, CONTINUATION = 0, 1, 3, 4, 5, 6, 8, 9
MANY = 11_000


async def asked_of(play: Play, *, limits: Limits | None = None) -> HttpAnswer | HttpFailure:
    """What comes of a query to a server that plays so; every server is asked on few connections."""
    async with serving_http2(play) as peer:
        client = Http2Client(peer.url, limits=limits or Limits(total_seconds=60))
        try:
            return await client.request("POST", PATH, (), b"q")
        except HttpFailure as failure:
            return failure
        finally:
            await client.close()
            assert peer.connections == 1


@pytest.mark.parametrize(
    ("kind", "flags", "on_stream", "payload"),
    [
        (SETTINGS, 0, False, b""),
        (SETTINGS, 0, False, b"\x00\x04\x00\x01\x00\x00"),
        (PING, 0, False, b"12345678"),
        (PING, 1, False, b"12345678"),
        (WINDOW, 0, False, b"\x00\x00\x00\x01"),
        (WINDOW, 0, True, b"\x00\x00\x00\x01"),
        (DATA, 0, True, b""),
        (2, 0, True, b"\x00\x00\x00\x00\x10"),
        (99, 0, True, b"unknown"),
    ],
)
async def test_frames_without_end_and_no_answer_end_the_connection(
    kind: int, flags: int, on_stream: bool, payload: bytes
) -> None:
    async def flood(talk: Talk, asked: Asked) -> None:
        if kind == DATA:
            talk.head(asked)
        for number in range(MANY):
            talk.raw(kind, flags, asked.stream * on_stream, payload)
            if number % 500 == 0:
                await talk.writer.drain()

    failed = await asked_of(flood)
    assert (type(failed), str(failed)) == (BadResponse, "it sends without end, and no answer")


async def test_interim_answers_without_end_end_the_connection() -> None:
    async def flood(talk: Talk, asked: Asked) -> None:
        for _ in range(MANY):
            talk.raw(HEADERS, 4, asked.stream, Encoder().encode([(":status", "103")]))
        await talk.writer.drain()

    assert isinstance(await asked_of(flood), BadResponse)


@pytest.mark.parametrize(("size", "failure"), [(4000, TooLarge), (0, BadResponse)])
async def test_a_header_block_that_does_not_end_is_cut_off(size: int, failure: type[HttpFailure]) -> None:
    async def flood(talk: Talk, asked: Asked) -> None:
        talk.raw(HEADERS, 0, asked.stream, Encoder().encode([(":status", "200")]))
        for _ in range(200):
            talk.raw(CONTINUATION, 0, asked.stream, b"x" * size)

    assert type(await asked_of(flood)) is failure


@pytest.mark.parametrize("times", [1, 200])
async def test_headers_that_are_large_or_grow_when_unpacked_are_too_large(times: int) -> None:
    value = "abcdefgh" * (10_000 if times == 1 else 400)

    async def bomb(talk: Talk, asked: Asked) -> None:
        block = Encoder().encode([(":status", "200"), *[("x", value)] * times])
        assert (len(block) < 5000) is (times > 1)
        pieces = [block[at : at + 16_000] for at in range(0, len(block), 16_000)]
        for number, piece in enumerate(pieces):
            flags = 4 if number == len(pieces) - 1 else 0
            talk.raw(HEADERS if number == 0 else CONTINUATION, flags, asked.stream, piece)

    failed = await asked_of(bomb)
    assert (type(failed), str(failed)) == (TooLarge, "its headers are too large")


async def _beyond_the_window(talk: Talk, asked: Asked) -> None:
    talk.head(asked)
    for _ in range(100):
        talk.raw(DATA, 0, asked.stream, b"x" * 16_384)


async def _push(talk: Talk, asked: Asked) -> None:
    block = Encoder().encode([(":method", "GET"), (":path", "/"), (":scheme", "http"), (":authority", "a")])
    talk.raw(PUSH, 4, asked.stream, b"\x00\x00\x00\x02" + block)


async def _no_head(talk: Talk, asked: Asked) -> None:
    talk.raw(DATA, 1, asked.stream, b"body")


async def _unknown_stream(talk: Talk, asked: Asked) -> None:
    talk.raw(DATA, 0, 77, b"body")


async def _overlong(talk: Talk, asked: Asked) -> None:
    talk.raw(DATA, 0, asked.stream, b"x" * 16_385)


async def _bad_settings(talk: Talk, asked: Asked) -> None:
    talk.raw(SETTINGS, 0, 0, b"\x00\x05\x00\x00\x00\x01")


async def _window_overflow(talk: Talk, asked: Asked) -> None:
    for _ in range(2):
        talk.raw(WINDOW, 0, 0, b"\x7f\xff\xff\xff")


async def _upper_case(talk: Talk, asked: Asked) -> None:
    talk.raw(HEADERS, 4, asked.stream, Encoder().encode([(":status", "200"), ("X-A", "b")]))


async def _no_status(talk: Talk, asked: Asked) -> None:
    talk.raw(HEADERS, 5, asked.stream, Encoder().encode([("a", "b")]))


async def _packed_wrongly(talk: Talk, asked: Asked) -> None:
    talk.raw(HEADERS, 4, asked.stream, b"\xff\xff\xff\xff\xff")


async def _status_is_no_number(talk: Talk, asked: Asked) -> None:
    talk.raw(HEADERS, 5, asked.stream, Encoder().encode([(":status", "abc")]))


async def _short_goodbye(talk: Talk, asked: Asked) -> None:
    talk.raw(7, 0, 0, b"123")


async def _goodbye_amid_headers(talk: Talk, asked: Asked) -> None:
    talk.raw(HEADERS, 0, asked.stream, Encoder().encode([(":status", "200")]))
    talk.go_away(asked.stream)


@pytest.mark.parametrize(
    "play",
    [
        _push,
        _no_head,
        _overlong,
        _bad_settings,
        _window_overflow,
        _upper_case,
        _no_status,
        _packed_wrongly,
        _status_is_no_number,
        _short_goodbye,
        _goodbye_amid_headers,
    ],
)
async def test_what_is_not_http2_is_called_so(play: Play) -> None:
    assert type(await asked_of(play)) is BadResponse


async def test_what_came_on_no_stream_ends_the_connection_for_all() -> None:
    assert type(await asked_of(_unknown_stream)) is Interrupted


async def test_an_answer_that_overruns_its_window_ends_the_connection() -> None:
    async with serving_http2(_beyond_the_window) as peer:
        client = Http2Client(peer.url)
        async with client.stream("GET", PATH, ()) as streamed:
            pieces = aiter(streamed.body)
            await anext(pieces)
            await peer.until(lambda: peer.lost == 1)
            with pytest.raises(BadResponse):
                [piece async for piece in pieces]
        await client.close()


async def test_data_after_the_end_spoils_nothing_that_was_answered() -> None:
    async def more(talk: Talk, asked: Asked) -> None:
        await talk.answer(asked, b"whole")
        talk.raw(DATA, 0, asked.stream, b"more")

    async with serving_http2(more) as peer:
        client = Http2Client(peer.url)
        answers = [(await client.request("POST", PATH, (), b"q", retry=True)).body for _ in range(3)]
        await client.close()
    assert answers == [b"whole"] * 3


async def test_one_wrong_answer_fails_alone_and_queries_beside_it_go_elsewhere() -> None:
    async def wrong(talk: Talk, asked: Asked) -> None:
        if asked.connection == 2:
            await talk.answer(asked, asked.body)
        elif len(peer.seen) == 3:
            offender = next(one for one in peer.seen if one.body == b"wrong")
            talk.head(offender, 200, ("content-length", "9"))
            talk.raw(DATA, 1, offender.stream, b"short")

    async with serving_http2(wrong) as peer:
        client = Http2Client(peer.url)
        ended = await asyncio.gather(
            client.request("POST", PATH, (), b"query", retry=True),
            client.request("POST", PATH, (), b"wrong", retry=True),
            client.request("POST", PATH, (), b"mutation"),
            return_exceptions=True,
        )
        await client.close()
    shown = [one.body if isinstance(one, HttpAnswer) else type(one) for one in ended]
    assert shown == [b"query", BadResponse, Interrupted]
    assert (peer.connections, len(peer.seen)) == (2, 4)


async def test_a_server_that_leaves_at_once_is_not_asked_without_end() -> None:
    def leave(talk: Talk, number: int) -> None:
        talk.flush()
        talk.go_away(0)

    async with serving_http2(greet=leave) as peer:
        client = Http2Client(peer.url)
        with pytest.raises(ConnectFailed):
            await client.request("POST", PATH, (), b"q", retry=True)
        await client.close()
        assert peer.connections == 1


async def test_a_server_that_refuses_everything_is_asked_twice_for_each_query() -> None:
    async def refuse(talk: Talk, asked: Asked) -> None:
        talk.h2.reset_stream(asked.stream, 7)
        talk.flush()

    async with serving_http2(refuse) as peer:
        client = Http2Client(peer.url, limits=Limits(multiplexed=1))
        ended = await asyncio.gather(
            *(client.request("POST", PATH, (), b"q", retry=True) for _ in range(200)), return_exceptions=True
        )
        await client.close()
    assert {type(one) for one in ended} == {Interrupted}
    assert (peer.connections, len(peer.seen)) == (1, 400)


async def test_a_server_that_allows_no_stream_is_waited_for_no_longer_than_others() -> None:
    async with serving_http2(settings={SettingCodes.MAX_CONCURRENT_STREAMS: 0}) as peer:
        client = Http2Client(peer.url, limits=Limits(total_seconds=1, multiplexed=2))
        with pytest.raises(TimedOut):
            await client.request("POST", PATH, (), b"q")
        await client.close()
    assert (peer.connections, peer.seen) == (2, [])


class _Wire(asyncio.Transport):
    """Takes what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += len(data)

    def abort(self) -> None:
        """Nothing is open."""

    close = abort


class _Nobody:
    def place_free(self) -> None:
        """Nobody waits."""

    def changed(self, connection: Http2Connection) -> None:
        """Nobody looks."""


_frame: st.SearchStrategy[bytes] = st.builds(
    lambda kind, flags, stream, payload: (
        len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload
    ),
    st.integers(0, 10),
    st.integers(0, 255) | st.sampled_from([0, 1, 4, 5]),
    st.sampled_from([0, 1, 3, 5, 2**31 - 1]),
    st.binary(max_size=40)
    | st.sampled_from([b"\x88", b"\x00" * 4, b"\x00" * 8, Encoder().encode([(":status", "200")])]),
)


@settings(max_examples=300)
@given(st.lists(_frame, max_size=12), st.integers(1, 60))
def test_whatever_comes_nothing_is_raised_and_every_stream_is_answered_or_open(
    frames: list[bytes], cut: int
) -> None:
    async def play() -> None:
        connection = Http2Connection(asyncio.get_running_loop(), Limits(), _Nobody())
        wire = _Wire()
        connection.connection_made(wire)
        connection.data_received(b"\x00\x00\x00\x04\x00\x00\x00\x00\x00")
        client = Http2Client("http://127.0.0.1:9/")
        streams = [Stream() for _ in range(3)]
        for stream in streams:
            connection.begin(stream, request_fields(client.origin, "POST", "/", ()), b"q" * 10)
        data = b"".join(frames)
        for at in range(0, len(data), cut):
            if not connection.closed:
                connection.data_received(data[at : at + cut])
        for stream in streams[:2]:
            connection.took(stream)
            connection.cancel(stream)
        connection.connection_lost(None)
        assert [stream.done or stream.error is not None for stream in streams[2:]] == [True]
        assert wire.written < 5000

    run(play)


def run(play: Callable[[], object]) -> None:
    """Run on a loop of its own: hypothesis calls tests that are no coroutines."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(play())  # type: ignore[arg-type]
    finally:
        loop.close()
