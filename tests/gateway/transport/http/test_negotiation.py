"""Which HTTP is spoken: 1.1, or where HTTP/2 is asked for, what the subgraph chooses over TLS."""

from __future__ import annotations

import asyncio
import io
import json
import ssl
from collections.abc import AsyncIterator

import pytest
from starlette.datastructures import UploadFile

from gateway.transport import HttpTransport, Limits, SubgraphAnswer, SubgraphRequest, SubgraphUnavailable
from gateway.transport.http.failures import Interrupted
from gateway.transport.http.negotiated import NegotiatedClient
from gateway.transport.protocol import Encoded, PreparedRequest, Reply
from tests.gateway.transport.authority import Authority, make_authority
from tests.gateway.transport.serving import Peer, answer, read_request, serving
from tests.gateway.transport.serving_http2 import Asked, Talk, serving_http2

ASK = SubgraphRequest("{ a }", headers={"authorization": "Bearer t", "traceparent": "00-1"})
ANSWER = SubgraphAnswer({"a": 1}, [], status=200)
BODY = b'{"data": {"a": 1}}'


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


async def fine(talk: Talk, asked: Asked) -> None:
    await talk.answer(asked, BODY)


async def forever(peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await read_request(peer, reader)
        writer.write(answer(BODY))


async def send(transport: HttpTransport, kind: str = "query") -> Reply:
    """What comes of a prepared request."""
    came: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    request = PreparedRequest(b'{"query":"{ a }"}', {"x": "y"}, kind, lambda headers: ASK)  # type: ignore[arg-type]
    transport.send(request, came.set_result)
    return await came


async def test_over_tls_http_1_is_spoken_where_nothing_else_is_said(authority: Authority) -> None:
    tls = authority.serving("h2", "http/1.1")
    async with serving(forever, forever, tls=tls) as peer:
        transport = HttpTransport("books", peer.url, tls=authority.client)
        assert await transport.execute(ASK) == ANSWER
        assert await send(transport) == Encoded(200, BODY)
        await transport.close()
    assert [one.head.split("\r\n")[0] for one in peer.seen] == ["POST /graphql HTTP/1.1"] * 2


async def test_a_server_that_chooses_http2_is_spoken_to_in_it(authority: Authority) -> None:
    async with serving_http2(fine, tls=authority.serving("h2", "http/1.1")) as peer:
        transport = HttpTransport("books", peer.url, tls=authority.client, http2=True)
        answers = await asyncio.gather(transport.execute(ASK), send(transport), transport.execute(ASK))
        mutated = await send(transport, "mutation")
        await transport.close()
    assert (*answers, mutated) == (ANSWER, Encoded(200, BODY), ANSWER, Encoded(200, BODY))
    assert peer.connections == 1
    assert peer.seen[0].headers == {
        ":method": "POST",
        ":scheme": "https",
        ":authority": peer.url.split("/")[2],
        ":path": "/graphql",
        "authorization": "Bearer t",
        "traceparent": "00-1",
        "accept": "application/graphql-response+json, application/json;q=0.9",
        "accept-encoding": "gzip",
        "content-type": "application/json",
        "content-length": str(len(peer.seen[0].body)),
    }


@pytest.mark.parametrize("protocols", [("http/1.1",), ()])
async def test_a_server_that_does_not_is_spoken_to_in_http_1_on_the_same_connection(
    authority: Authority, protocols: tuple[str, ...]
) -> None:
    async with serving(forever, forever, forever, tls=authority.serving(*protocols)) as peer:
        transport = HttpTransport("books", peer.url, tls=authority.client, http2=True)
        first = await transport.execute(ASK)
        rest = await asyncio.gather(send(transport), send(transport), transport.execute(ASK))
        await transport.close()
    assert [first, *rest] == [
        ANSWER, Encoded(200, BODY), Encoded(200, BODY), ANSWER,
    ]  # fmt: skip
    assert sorted({one.connection for one in peer.seen}) == [1, 2, 3]
    assert peer.seen[0].head.split("\r\n")[0] == "POST /graphql HTTP/1.1"


async def test_what_is_spoken_is_asked_anew_when_every_connection_is_gone(authority: Authority) -> None:
    tls = authority.serving("http/1.1")
    async with serving(answer(BODY, "200 OK", "connection: close"), b"", tls=tls) as peer:
        client = NegotiatedClient(peer.url, tls=authority.client)
        assert (await client.request("GET", "/graphql", ())).body == BODY
    port = int(peer.url.split(":")[2].split("/")[0])
    async with serving_http2(fine, tls=authority.serving("h2"), port=port) as later:
        assert (await client.request("GET", "/graphql", ())).body == BODY
        assert client.known() is client.http2
        await client.close()
    assert len(later.seen) == 1


async def test_a_server_may_choose_otherwise_on_the_next_connection(authority: Authority) -> None:
    tls = authority.serving("h2")

    def greet(talk: Talk, number: int) -> None:
        if number == 1:
            talk.flush()

    async with serving_http2(fine, greet=greet, tls=tls) as peer:
        client = NegotiatedClient(peer.url, limits=Limits(idle_seconds=0), tls=authority.client)
        assert (await client.request("GET", "/graphql", ())).body == BODY
        tls.set_alpn_protocols(["http/1.1"])
        with pytest.raises(Interrupted):  # this server hangs up on what it chose
            await client.request("GET", "/graphql", ())
        assert client.http1 is not None
        await client.close()
    assert len(peer.seen) == 1


async def test_who_is_not_trusted_gets_no_request(authority: Authority) -> None:
    async with serving_http2(fine, tls=authority.serving("h2")) as peer:
        transport = HttpTransport("books", peer.url, http2=True)
        with pytest.raises(SubgraphUnavailable) as failed:
            await transport.execute(ASK)
        assert isinstance(await send(transport), SubgraphUnavailable)
        await transport.close()
    assert (failed.value.code, peer.seen) == ("SUBREQUEST_HTTP_ERROR", [])


async def test_in_clear_text_http2_is_spoken_where_it_is_said() -> None:
    async with serving_http2(fine) as peer:
        transport = HttpTransport("books", peer.url, http2=True)
        assert await transport.execute(ASK) == ANSWER
        assert await send(transport) == Encoded(200, BODY)
        await transport.close()
    assert [one.headers[":scheme"] for one in peer.seen] == ["http", "http"]


async def test_uploads_and_streams_go_over_what_was_chosen(authority: Authority) -> None:
    async def echo(talk: Talk, asked: Asked) -> None:
        await talk.answer(asked, asked.body if asked.headers[":path"] == "/echo" else BODY)

    async def source() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 10_000

    async with serving_http2(echo, tls=authority.serving("h2")) as peer:
        transport = HttpTransport("media", peer.url, tls=authority.client, http2=True)
        content = bytes(range(256)) * 1000
        file = UploadFile(io.BytesIO(content), filename="a.png")
        request = SubgraphRequest("mutation M($f: Upload) { up }", {"f": file}, "M", "mutation")
        assert await transport.execute(request) == ANSWER
        await transport.close()
        client = NegotiatedClient(peer.url, tls=authority.client)
        async with client.stream("POST", "/echo", (), source()) as streamed:
            assert b"".join([piece async for piece in streamed.body]) == b"x" * 300_000
        assert (await client.upload("PUT", "/echo", (), source(), 300_000)).body == b"x" * 300_000
        await client.close()
    upload = peer.seen[0]
    parts = upload.body.split(b"\r\n\r\n")
    assert json.loads(parts[1].split(b"\r\n")[0])["operationName"] == "M"
    assert parts[3].startswith(content)


async def test_equal_queries_in_flight_are_one_stream_where_they_are_shared() -> None:
    go = asyncio.Event()

    async def wait(talk: Talk, asked: Asked) -> None:
        await go.wait()
        await fine(talk, asked)

    async with serving_http2(wait) as peer:
        transport = HttpTransport("books", peer.url, http2=True, share=True)
        under_way = [asyncio.create_task(send(transport)) for _ in range(5)]
        others = [asyncio.create_task(send(transport, "mutation")) for _ in range(2)]
        await peer.until(lambda: len(peer.seen) == 3)
        go.set()
        assert await asyncio.gather(*under_way, *others) == [Encoded(200, BODY)] * 7
        await transport.close()
    assert len(peer.seen) == 3


async def test_a_request_that_everybody_left_resets_its_stream() -> None:
    async def silent(talk: Talk, asked: Asked) -> None:
        """Never an answer."""

    async with serving_http2(silent) as peer:
        transport = HttpTransport("books", peer.url, http2=True, share=True)
        request = PreparedRequest(b"{}", {}, "query", lambda headers: ASK)
        told: list[Reply] = []
        leave = transport.send(request, told.append)
        await peer.until(lambda: len(peer.seen) == 1)
        leave()
        await peer.until(lambda: peer.resets == [(1, 8)])
        await transport.close()
    assert told == []


def test_no_context_is_shared_between_what_offers_http2_and_what_does_not() -> None:
    made: list[ssl.SSLContext] = []

    def make() -> ssl.SSLContext:
        made.append(ssl.create_default_context())
        return made[-1]

    HttpTransport("books", "https://localhost:1/graphql", tls=make, http2=True)
    HttpTransport("books", "https://localhost:1/graphql", tls=make)
    assert len({id(one) for one in made}) == len(made) == 4  # and uploads have clients of their own
