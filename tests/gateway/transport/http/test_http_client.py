"""The HTTP client on real sockets: reuse, limits, streams both ways, failures."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from gateway.transport import HttpAnswer, HttpClient, Limits
from gateway.transport.http.failures import (
    BadRequest,
    BadResponse,
    ConnectFailed,
    Interrupted,
    TimedOut,
    TooLarge,
)
from tests.gateway.transport.serving import Peer, answer, read_request, serving

PATH = "/graphql"


async def test_an_answer_is_read_whole_and_its_connection_used_again() -> None:
    async with serving(answer(b"one", "200 OK", "X-A: b"), answer(b"two", "404 Not Found")) as peer:
        client = HttpClient(peer.url)
        first = await client.request("POST", PATH + "?q=1", {"X-Own": "v"}, b"body")
        second = await client.request("GET", PATH, ())
        await client.close()
    assert first == HttpAnswer(200, [("content-length", "3"), ("x-a", "b")], b"one")
    assert second == HttpAnswer(404, [("content-length", "3")], b"two")
    host = peer.url.split("/")[2]
    assert [(one.head, one.body, one.connection) for one in peer.seen] == [
        (
            f"POST /graphql?q=1 HTTP/1.1\r\nhost: {host}\r\nX-Own: v\r\ncontent-length: 4",
            b"body",
            1,
        ),
        (f"GET /graphql HTTP/1.1\r\nhost: {host}", b"", 1),
    ]


async def test_chunked_packed_and_interim_answers_are_understood() -> None:
    packed = gzip.compress(b"a long text " * 100)
    chunked = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    until_end = b"HTTP/1.1 200 OK\r\n\r\nto the end"
    async with serving(chunked, answer(packed, "200 OK", "Content-Encoding: gzip"), until_end) as peer:
        client = HttpClient(peer.url)
        bodies = [(await client.request("GET", PATH, ())).body for _ in range(3)]
        await client.close()
    assert bodies == [b"abcde", b"a long text " * 100, b"to the end"]


async def test_trailers_are_no_headers_of_an_answer() -> None:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
    async with serving(head + b"content-encoding: gzip\r\nx-a: b\r\n\r\n", answer(b"x")) as peer:
        client = HttpClient(peer.url)
        first = await client.request("GET", PATH, ())
        assert (await client.request("GET", PATH, ())).body == b"x"
        await client.close()
    assert first == HttpAnswer(200, [("transfer-encoding", "chunked")], b"abc")
    assert peer.connections == 1


async def test_a_head_answer_has_no_body_whatever_length_it_says() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n"
    async with serving(head, b"", answer(b"x")) as peer:
        client = HttpClient(peer.url)
        assert (await client.request("HEAD", PATH, ())).body == b""
        assert (await client.request("GET", PATH, ())).body == b"x"
        await client.close()
    assert peer.seen[-1].headers["host"] in peer.url


async def test_an_answer_beyond_the_limit_is_refused_also_when_it_is_packed() -> None:
    bomb = gzip.compress(b"0" * 1_000_000)
    async with serving(answer(b"x" * 2000), answer(bomb, "200 OK", "Content-Encoding: gzip")) as peer:
        client = HttpClient(peer.url, limits=Limits(answer_bytes=1999))
        with pytest.raises(TooLarge):
            await client.request("GET", PATH, ())
        await client.close()
    async with serving(answer(bomb, "200 OK", "Content-Encoding: gzip")) as peer:
        client = HttpClient(peer.url, limits=Limits(answer_bytes=1999))
        with pytest.raises(TooLarge):
            await client.request("GET", PATH, ())
        await client.close()


async def test_a_kept_connection_that_closes_before_any_byte_is_tried_again_once_if_allowed() -> None:
    async def swallow(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(peer, reader)

    async with serving(answer(b"1"), swallow, b"", answer(b"2")) as peer:
        client = HttpClient(peer.url)
        await client.request("GET", PATH, ())
        again = await client.request("POST", PATH, (), b"q", retry=True)
        await client.close()
    assert again.body == b"2"
    assert [(one.body, one.connection) for one in peer.seen] == [(b"", 1), (b"q", 1), (b"q", 2)]

    async with serving(answer(b"1"), swallow, b"", answer(b"2")) as peer:
        client = HttpClient(peer.url)
        await client.request("GET", PATH, ())
        with pytest.raises(Interrupted):
            await client.request("POST", PATH, (), b"mutation")
        await client.close()
    assert [one.body for one in peer.seen] == [b"", b"mutation"]


@pytest.mark.parametrize("more", [answer(b"unasked"), b"garbage", b"HTTP/1.1 2"])
async def test_what_comes_with_an_answer_and_was_not_asked_for_is_nobodys_answer(more: bytes) -> None:
    async def left(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b""
        raise ConnectionResetError

    async with serving(answer(b"1"), answer(b"2") + more, left, answer(b"3")) as peer:
        client = HttpClient(peer.url)
        told: asyncio.Queue[tuple[int, object]] = asyncio.Queue()
        target = client.post_to(PATH, ())

        def next_at_once(status: int, body: object) -> None:
            told.put_nowait((status, body))
            target.post({}, b"q", lambda *last: told.put_nowait(last), retry=True)

        await client.request("POST", PATH, ())
        target.post({}, b"q", next_at_once, retry=True)
        assert [await told.get(), await told.get()] == [(200, b"2"), (200, b"3")]
        await client.close()
    assert [one.connection for one in peer.seen] == [1, 1, 2]


async def test_an_answer_cut_short_is_never_tried_again() -> None:
    async with serving(answer(b"1"), b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort", b"") as peer:
        client = HttpClient(peer.url)
        await client.request("GET", PATH, ())
        with pytest.raises(Interrupted):
            await client.request("POST", PATH, (), b"q", retry=True)
        await client.close()
    assert len(peer.seen) == 2


async def test_what_is_not_http_silent_or_not_there_has_its_own_failure() -> None:
    async def silent(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(b"SSH-2.0\r\n") as peer:
        client = HttpClient(peer.url)
        with pytest.raises(BadResponse):
            await client.request("GET", PATH, ())
    with pytest.raises(ConnectFailed):
        await client.request("GET", PATH, ())
    await client.close()
    async with serving(silent) as peer:
        client = HttpClient(peer.url, limits=Limits(total_seconds=0.05))
        with pytest.raises(TimedOut):
            await client.request("GET", PATH, ())
        await client.close()


@pytest.mark.parametrize("header", [{"a": "b\r\nc: d"}, {"a\r\n": "b"}, {"a": "\N{SNOWMAN}"}])
async def test_a_header_that_would_split_the_request_is_not_sent(header: dict[str, str]) -> None:
    client = HttpClient("http://127.0.0.1:9/")
    with pytest.raises(BadRequest):
        await client.request("GET", PATH, header)
    with pytest.raises(BadRequest):
        await client.request("GET", "/a b", ())


async def test_bodies_are_streamed_both_ways_while_both_ends_still_have_more() -> None:
    got = asyncio.Event()

    async def echo(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while size := int(await reader.readuntil(b"\r\n"), 16):
            piece = await reader.readexactly(size + 2)
            writer.write(b"%x\r\n%b" % (size, piece))
        await reader.readexactly(2)
        writer.write(b"0\r\n\r\n")

    async def source() -> AsyncIterator[bytes]:
        yield b"first"
        await got.wait()
        yield b"second"

    async with serving(echo, answer(b"after")) as peer:
        client = HttpClient(peer.url)
        pieces = []
        async with client.stream("POST", PATH, {"x": "y"}, source()) as streamed:
            async for piece in streamed.body:
                pieces.append(piece)
                got.set()
        after = await client.request("GET", PATH, ())
        await client.close()
    assert (streamed.status, pieces, after.body) == (200, [b"first", b"second"], b"after")
    assert peer.connections == 1


async def test_a_stream_of_known_length_is_sent_as_such() -> None:
    async def source() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b"c"

    async with serving(answer(b"ok")) as peer:
        client = HttpClient(peer.url)
        await client.upload("PUT", PATH, (), source(), 3)
        await client.close()
    assert (peer.seen[0].body, peer.seen[0].headers.get("transfer-encoding")) == (b"abc", None)


async def test_a_server_may_answer_before_it_has_read_everything() -> None:
    async def refuse(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(b"too large", "413 Content Too Large"))
        await writer.drain()
        await reader.read()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000
            await asyncio.sleep(0)

    async with serving(refuse) as peer:
        client = HttpClient(peer.url)
        refused = await client.upload("POST", PATH, (), endless(), None)
        await client.close()
    assert (refused.status, refused.body) == (413, b"too large")


async def test_what_the_body_is_read_from_may_fail() -> None:
    async def hang(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def source() -> AsyncIterator[bytes]:
        yield b"x"
        raise LookupError("the client has gone")

    async with serving(hang) as peer:
        client = HttpClient(peer.url)
        with pytest.raises(Interrupted) as failed:
            await client.upload("POST", PATH, (), source(), None)
        assert isinstance(failed.value.__cause__, LookupError)
        await client.close()


async def test_a_stream_left_early_gives_its_place_in_the_pool_back() -> None:
    async with serving(answer(b"x" * 500_000), b"", answer(b"next")) as peer:
        client = HttpClient(peer.url, limits=Limits(connections=1))
        async with client.stream("GET", PATH, ()) as streamed:
            await anext(aiter(streamed.body))
        assert (await client.request("GET", PATH, ())).body == b"next"
        await client.close()
    assert peer.connections == 2


async def test_a_request_waits_for_a_free_connection_but_not_for_ever() -> None:
    async def hold(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")
        await reader.read()

    async with serving(hold) as peer:
        client = HttpClient(peer.url, limits=Limits(connections=1, total_seconds=1))
        async with client.stream("GET", PATH, ()):
            with pytest.raises(TimedOut):
                await client.request("GET", PATH, ())
        await client.close()


async def test_a_cancelled_request_gives_its_place_back() -> None:
    arrived = asyncio.Event()

    async def hold(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(peer, reader)
        arrived.set()
        await reader.read()

    async with serving(hold, b"", answer(b"next")) as peer:
        client = HttpClient(peer.url, limits=Limits(connections=1))
        waiting = asyncio.create_task(client.request("GET", PATH, ()))
        await arrived.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await client.request("GET", PATH, ())).body == b"next"
        await client.close()
