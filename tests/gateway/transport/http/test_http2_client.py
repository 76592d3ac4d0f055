"""The HTTP/2 client on real sockets: streams, windows, limits, goodbyes, failures."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator

import pytest
from h2.settings import SettingCodes

from gateway.transport import HttpAnswer, Limits
from gateway.transport.http.failures import (
    BadRequest,
    ConnectFailed,
    HttpFailure,
    Interrupted,
    Overloaded,
    TimedOut,
    TooLarge,
)
from gateway.transport.http.http2 import Http2Client
from tests.clock import held_clock
from tests.gateway.transport.serving import answer, serving
from tests.gateway.transport.serving_http2 import Asked, Talk, serving_http2

PATH = "/graphql"


async def echo(talk: Talk, asked: Asked) -> None:
    await talk.answer(asked, asked.body)


async def silent(talk: Talk, asked: Asked) -> None:
    """The request is read, and that is all."""


async def test_requests_are_streams_of_one_connection() -> None:
    async def named(talk: Talk, asked: Asked) -> None:
        await talk.answer(asked, asked.body + b"!", 201, ("x-a", "b"))

    async with serving_http2(named) as peer:
        client = Http2Client(peer.url)
        answers = await asyncio.gather(
            *(client.request("POST", PATH + "?q=1", {"X-Own": "v"}, b"%d" % n) for n in range(50))
        )
        got = await client.request("GET", PATH, {"connection": "x", "te": "trailers"})
        await client.close()
    assert answers == [
        HttpAnswer(201, [("content-length", str(len(b"%d!" % n))), ("x-a", "b")], b"%d!" % n)
        for n in range(50)
    ]
    assert got == HttpAnswer(201, [("content-length", "1"), ("x-a", "b")], b"!")
    assert peer.connections == 1
    host = peer.url.split("/")[2]
    target = {":scheme": "http", ":authority": host}
    assert sorted(one.body for one in peer.seen[:50]) == sorted(b"%d" % n for n in range(50))
    assert peer.seen[0].headers == {
        ":method": "POST", **target, ":path": "/graphql?q=1", "x-own": "v", "content-length": "1",
    }  # fmt: skip
    assert peer.seen[50].headers == {":method": "GET", **target, ":path": "/graphql"}


async def test_answers_larger_than_every_window_come_whole_and_so_do_requests() -> None:
    body = bytes(range(256)) * 12_000
    async with serving_http2(echo) as peer:
        client = Http2Client(peer.url)
        answers = await asyncio.gather(*(client.request("POST", PATH, (), body) for _ in range(4)))
        await client.close()
    assert [one.body == body for one in answers] == [True] * 4
    assert peer.connections == 1


async def test_a_server_may_allow_fewer_streams_and_the_rest_wait_their_turn() -> None:
    async with serving_http2(echo, settings={SettingCodes.MAX_CONCURRENT_STREAMS: 3}) as peer:
        client = Http2Client(peer.url, limits=Limits(multiplexed=2))
        answers = await asyncio.gather(*(client.request("POST", PATH, (), b"%d" % n) for n in range(40)))
        await client.close()
    assert [one.body for one in answers] == [b"%d" % n for n in range(40)]
    assert (peer.connections, peer.most) == (2, 3)


async def test_more_requests_than_may_wait_are_refused() -> None:
    async with serving_http2(silent, settings={SettingCodes.MAX_CONCURRENT_STREAMS: 1}) as peer:
        client = Http2Client(peer.url, limits=Limits(multiplexed=1, waiting=2, total_seconds=1))
        ended = await asyncio.gather(
            *(client.request("GET", PATH, ()) for _ in range(4)), return_exceptions=True
        )
        await client.close()
    assert sorted(type(one).__name__ for one in ended) == ["Overloaded", "TimedOut", "TimedOut", "TimedOut"]
    assert Overloaded.code == "SUBREQUEST_OVERLOADED"


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
async def test_packed_answers_are_unpacked_within_the_bound(coding: str, pack: type[bytes]) -> None:
    async def packed(talk: Talk, asked: Asked) -> None:
        await talk.answer(asked, pack(asked.body), 200, ("content-encoding", coding))

    async with serving_http2(packed) as peer:
        client = Http2Client(peer.url, limits=Limits(answer_bytes=10_000))
        assert (await client.request("POST", PATH, (), b"a" * 10_000)).body == b"a" * 10_000
        with pytest.raises(TooLarge):
            await client.request("POST", PATH, (), b"a" * 10_001)
        await client.close()


async def test_an_answer_beyond_the_bound_ends_its_stream_alone() -> None:
    async def large(talk: Talk, asked: Asked) -> None:
        await talk.answer(asked, b"x" * int(asked.body))

    async with serving_http2(large) as peer:
        client = Http2Client(peer.url, limits=Limits(answer_bytes=100_000))
        with pytest.raises(TooLarge):
            await client.request("POST", PATH, (), b"5000000")
        assert len((await client.request("POST", PATH, (), b"100000")).body) == 100_000
        await client.close()
        await peer.until(lambda: bool(peer.resets))
    assert (peer.connections, peer.resets) == (1, [(1, 8)])


async def test_a_cancelled_request_resets_its_stream_and_gives_its_place_back() -> None:
    async def some(talk: Talk, asked: Asked) -> None:
        if asked.body != b"silence":
            await echo(talk, asked)

    async with serving_http2(some, settings={SettingCodes.MAX_CONCURRENT_STREAMS: 1}) as peer:
        client = Http2Client(peer.url, limits=Limits(multiplexed=1))
        waiting = asyncio.create_task(client.request("POST", PATH, (), b"silence"))
        await peer.until(lambda: len(peer.seen) == 1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await client.request("POST", PATH, (), b"next")).body == b"next"
        await client.close()
    assert (peer.connections, peer.resets) == (1, [(1, 8)])


async def test_after_a_goodbye_what_is_below_is_finished_and_the_rest_goes_elsewhere() -> None:
    async def leave(talk: Talk, asked: Asked) -> None:
        if asked.connection > 1:
            await echo(talk, asked)
        elif len(peer.seen) == 4:
            talk.go_away(3)
            for one in peer.seen[:2]:
                await talk.answer(one, b"old " + one.body)

    async with serving_http2(leave) as peer:
        client = Http2Client(peer.url)
        answers = await asyncio.gather(
            client.request("POST", PATH, (), b"1", retry=True),
            client.request("POST", PATH, (), b"2"),
            client.request("POST", PATH, (), b"3", retry=True),
            client.request("POST", PATH, (), b"mutation"),
            return_exceptions=True,
        )
        await client.close()
    assert [one.body for one in answers[:3] if isinstance(one, HttpAnswer)] == [b"old 1", b"old 2", b"3"]
    assert isinstance(answers[3], Interrupted)
    assert [(one.body, one.connection) for one in peer.seen] == [
        (b"1", 1), (b"2", 1), (b"3", 1), (b"mutation", 1), (b"3", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("retry", [True, False])
async def test_a_refused_stream_is_tried_once_more_if_it_may_be(retry: bool) -> None:
    async def refuse(talk: Talk, asked: Asked) -> None:
        talk.h2.reset_stream(asked.stream, 7)
        talk.flush()

    async with serving_http2(refuse) as peer:
        client = Http2Client(peer.url)
        with pytest.raises(Interrupted) as failed:
            await client.request("POST", PATH, (), b"q", retry=retry)
        await client.close()
    assert failed.value.code == "SUBREQUEST_HTTP_ERROR"
    assert [one.connection for one in peer.seen] == [1] * (1 + retry)


async def test_a_stream_that_is_reset_for_another_reason_is_not_tried_again() -> None:
    async def reset(talk: Talk, asked: Asked) -> None:
        talk.h2.reset_stream(asked.stream, 2)
        talk.flush()

    async with serving_http2(reset) as peer:
        client = Http2Client(peer.url)
        with pytest.raises(Interrupted):
            await client.request("POST", PATH, (), b"q", retry=True)
        await client.close()
    assert len(peer.seen) == 1


@pytest.mark.parametrize(("retry", "asked"), [(True, 2), (False, 1)])
async def test_a_connection_that_is_lost_before_any_byte_is_replaced_for_queries(
    retry: bool, asked: int
) -> None:
    async def drop(talk: Talk, asked: Asked) -> None:
        if asked.connection == 1:
            talk.writer.close()
        else:
            await echo(talk, asked)

    async with serving_http2(drop) as peer:
        client = Http2Client(peer.url)
        (got,) = await asyncio.gather(
            client.request("POST", PATH, (), b"q", retry=retry), return_exceptions=True
        )
        await client.close()
    assert (got.body if isinstance(got, HttpAnswer) else type(got)) == (b"q" if retry else Interrupted)
    assert len(peer.seen) == asked


async def test_an_answer_that_does_not_come_in_time_ends_with_a_reset() -> None:
    async with serving_http2(silent) as peer:
        client = Http2Client(peer.url, limits=Limits(total_seconds=1))
        with pytest.raises(TimedOut):
            await client.request("GET", PATH, ())
        await peer.until(lambda: peer.resets == [(1, 8)])
        await client.close()


async def test_a_peer_that_takes_nothing_stalls_until_the_time_is_over() -> None:
    async with serving_http2(silent, acknowledge=False) as peer:
        client = Http2Client(peer.url, limits=Limits(total_seconds=1))
        with pytest.raises(TimedOut):
            await client.request("POST", PATH, (), b"x" * 200_000)
        await peer.until(lambda: peer.resets == [(1, 8)])
        await client.close()
    assert len(peer.seen[0].body) == 65_535


async def test_a_silent_connection_is_asked_for_life_and_given_up_without_it() -> None:
    async def some(talk: Talk, asked: Asked) -> None:
        if asked.body:
            await echo(talk, asked)

    async with serving_http2(some) as peer:
        client = Http2Client(peer.url, limits=Limits(ping_seconds=5))
        waiting = asyncio.create_task(client.request("GET", PATH, ()))
        await peer.until(lambda: len(peer.seen) == 1)
        with held_clock() as let_pass:
            for times in range(1, 4):
                let_pass(6)
                await peer.until(lambda: peer.pings == times)  # noqa: B023 - awaited here
                # what was answered to that came before this
                assert (await client.request("POST", PATH, (), b"m", retry=True)).body == b"m"
        assert not waiting.done()
        waiting.cancel()
        await client.close()

    async with serving_http2(silent, pongs=False) as peer:
        client = Http2Client(peer.url, limits=Limits(ping_seconds=5))
        waiting = asyncio.create_task(client.request("GET", PATH, ()))
        await peer.until(lambda: len(peer.seen) == 1)
        with held_clock() as let_pass:
            let_pass(6)
            await peer.until(lambda: peer.pings == 1)
            let_pass(6)
            with pytest.raises(Interrupted):
                await waiting
        await client.close()
    assert (peer.pings, peer.connections) == (1, 1)


async def test_bodies_are_streamed_both_ways_while_both_ends_still_have_more() -> None:
    got = asyncio.Event()

    async def play(talk: Talk, asked: Asked) -> None:
        talk.head(asked)
        await peer.until(lambda: asked.body == b"first")
        await talk.body(asked, b"first", end=False)

    async def ended(talk: Talk, asked: Asked) -> None:
        await talk.body(asked, asked.body.removeprefix(b"first"))

    async def source() -> AsyncIterator[bytes]:
        yield b"first"
        await got.wait()
        yield b"second"

    async with serving_http2(ended, begun=play) as peer:
        client = Http2Client(peer.url)
        pieces = []
        async with client.stream("POST", PATH, {"x": "y"}, source()) as streamed:
            async for piece in streamed.body:
                pieces.append(piece)
                got.set()
        await client.close()
    assert (streamed.status, pieces) == (200, [b"first", b"second"])


async def test_a_reader_who_waits_holds_its_stream_back_and_no_other() -> None:
    async def large(talk: Talk, asked: Asked) -> None:
        await talk.answer(asked, b"x" * 3_000_000)

    async with serving_http2(large) as peer:
        client = Http2Client(peer.url, limits=Limits(multiplexed=1))
        async with client.stream("GET", PATH, ()) as held:
            other = await client.request("GET", PATH, ())
            size = sum([len(piece) async for piece in held.body])
        await client.close()
    assert (len(other.body), size, peer.connections) == (3_000_000, 3_000_000, 1)


async def test_an_upload_larger_than_the_windows_is_sent_as_the_peer_takes_it() -> None:
    async def source() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b"x" * 10_000

    async with serving_http2(echo) as peer:
        client = Http2Client(peer.url)
        known = await client.upload("PUT", PATH, (), source(), 500_000)
        unknown = await client.upload("PUT", PATH, (), source(), None)
        for length in (499_999, 500_001):
            with pytest.raises(Interrupted):
                await client.upload("PUT", PATH, (), source(), length)
        await client.close()
    assert known.body == unknown.body == b"x" * 500_000
    assert [one.headers.get("content-length") for one in peer.seen] == ["500000", None, "499999", "500001"]


async def test_a_server_may_answer_before_it_has_read_everything() -> None:
    async def refuse(talk: Talk, asked: Asked) -> None:
        await talk.answer(asked, b"too large", 413)

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000
            await asyncio.sleep(0)

    async with serving_http2(begun=refuse) as peer:
        client = Http2Client(peer.url)
        refused = await client.upload("POST", PATH, (), endless(), None)
        await peer.until(lambda: peer.resets == [(1, 8)])
        await client.close()
    assert (refused.status, refused.body) == (413, b"too large")


async def test_what_the_body_is_read_from_may_fail() -> None:
    async def source() -> AsyncIterator[bytes]:
        yield b"x"
        raise LookupError("the client has gone")

    async with serving_http2(silent) as peer:
        client = Http2Client(peer.url)
        with pytest.raises(Interrupted) as failed:
            await client.upload("POST", PATH, (), source(), None)
        assert isinstance(failed.value.__cause__, LookupError)
        await client.close()


@pytest.mark.parametrize("header", [{"a": "b\r\nc: d"}, {"a\r\n": "b"}, {"a": "\N{SNOWMAN}"}, {":path": "/"}])
async def test_a_header_that_would_split_the_request_is_not_sent(header: dict[str, str]) -> None:
    client = Http2Client("http://127.0.0.1:9/")
    with pytest.raises(BadRequest):
        await client.request("GET", PATH, header)
    with pytest.raises(BadRequest):
        await client.request("GET", "/a b", ())


async def test_who_speaks_no_http2_or_nothing_or_is_not_there_has_its_own_failure() -> None:
    def mute(talk: Talk, number: int) -> None: ...

    async with serving(answer(b"HTTP/1.1")) as one:
        client = Http2Client(one.url, limits=Limits(connect_seconds=0.5))
        with pytest.raises(HttpFailure):
            await client.request("GET", PATH, ())
    async with serving_http2(greet=mute, pongs=False) as peer:
        client = Http2Client(peer.url, limits=Limits(connect_seconds=0.1))
        with pytest.raises(TimedOut):
            await client.request("GET", PATH, ())
        await client.close()
    for url in (one.url, peer.url):  # whose servers are gone
        with pytest.raises(ConnectFailed):
            await Http2Client(url).request("GET", PATH, ())


async def test_a_closed_client_ends_what_is_under_way() -> None:
    async with serving_http2(silent) as peer:
        client = Http2Client(peer.url)
        waiting = asyncio.create_task(client.request("GET", PATH, ()))
        await peer.until(lambda: len(peer.seen) == 1)
        await client.close()
        with pytest.raises(Interrupted):
            await waiting


async def test_a_connection_that_was_idle_for_long_is_replaced() -> None:
    async with serving_http2(echo) as peer:
        client = Http2Client(peer.url, limits=Limits(idle_seconds=0))
        for _ in range(2):
            assert (await client.request("POST", PATH, (), b"m")).body == b"m"
        await client.close()
    assert [one.connection for one in peer.seen] == [1, 2]


@pytest.mark.parametrize(("retry", "connections"), [(True, [1, 1]), (False, [1, 2])])
async def test_a_quiet_connection_is_asked_for_life_before_it_is_trusted_with_a_mutation(
    retry: bool, connections: list[int]
) -> None:
    async with serving_http2(echo, pongs=False) as peer:
        client = Http2Client(peer.url, limits=Limits(ping_seconds=10, connect_seconds=5))
        assert (await client.request("POST", PATH, (), b"m")).body == b"m"
        with held_clock() as let_pass:
            let_pass(2)
            asking = asyncio.create_task(client.request("POST", PATH, (), b"m", retry=retry))
            if not retry:
                await peer.until(lambda: peer.pings == 1)
                let_pass(6)
            assert (await asking).body == b"m"
        await client.close()
    assert [one.connection for one in peer.seen] == connections
