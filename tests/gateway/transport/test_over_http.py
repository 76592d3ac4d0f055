"""A subgraph over HTTP: what is sent, what comes back, and what each failure is called."""

from __future__ import annotations

import asyncio
import io
import json
import re
from typing import Any

import pytest
from starlette.datastructures import Headers, UploadFile

from gateway.transport import HttpTransport, Limits, SubgraphAnswer, SubgraphRequest, SubgraphUnavailable
from tests.gateway.transport.serving import answer, read_request, serving

ASK = SubgraphRequest("{ a }")


def _said(value: Any, status: str = "200 OK") -> bytes:
    return answer(json.dumps(value).encode(), status)


async def test_a_query_goes_out_as_json_with_the_headers_of_the_request() -> None:
    request = SubgraphRequest(
        "query Q($n: Int) { a(n: $n) }",
        {"n": 1},
        "Q",
        headers={"authorization": "Bearer t", "traceparent": "00-1"},
    )
    body = {"data": {"a": 1 << 70}, "errors": [{"message": "m"}], "extensions": {"cost": 1}}
    async with serving(_said(body)) as peer:
        transport = HttpTransport("books", peer.url)
        got = await transport.execute(request)
        await transport.close()
    assert got == SubgraphAnswer({"a": 1 << 70}, [{"message": "m"}], {"cost": 1}, 200)
    seen = peer.seen[0]
    assert json.loads(seen.body) == {
        "query": "query Q($n: Int) { a(n: $n) }",
        "variables": {"n": 1},
        "operationName": "Q",
    }
    assert seen.head.split("\r\n")[0] == "POST /graphql HTTP/1.1"
    assert seen.headers == {
        "host": peer.url.split("/")[2],
        "authorization": "Bearer t",
        "traceparent": "00-1",
        "accept": "application/graphql-response+json, application/json;q=0.9",
        "accept-encoding": "gzip",
        "content-type": "application/json",
        "content-length": str(len(seen.body)),
    }


async def test_a_graphql_answer_counts_whatever_its_status() -> None:
    async with serving(_said({"errors": [{"message": "no"}]}, "400 Bad Request")) as peer:
        transport = HttpTransport("books", peer.url)
        assert await transport.execute(ASK) == SubgraphAnswer(None, [{"message": "no"}], None, 400)
        await transport.close()


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(b"<html>", "502 Bad Gateway"), "SUBREQUEST_HTTP_ERROR"),
        (b"", "SUBREQUEST_HTTP_ERROR"),
        (answer(b"<html>"), "SUBREQUEST_MALFORMED_RESPONSE"),
        (answer(b"[1]"), "SUBREQUEST_MALFORMED_RESPONSE"),
        (answer(b'{"data": 1}'), "SUBREQUEST_MALFORMED_RESPONSE"),
        (answer(b'{"data": null}'), "SUBREQUEST_MALFORMED_RESPONSE"),
        (answer(b'{"data": {"a": NaN}}'), "SUBREQUEST_MALFORMED_RESPONSE"),
        (answer(b"[" * 100_000), "SUBREQUEST_MALFORMED_RESPONSE"),
        (b"garbage\r\n\r\n", "SUBREQUEST_MALFORMED_RESPONSE"),
    ],
)
async def test_what_is_no_answer_has_a_stable_code_and_tells_no_address(reply: bytes, code: str) -> None:
    async with serving(reply) as peer:
        transport = HttpTransport("books", peer.url)
        with pytest.raises(SubgraphUnavailable) as failed:
            await transport.execute(ASK)
        await transport.close()
    assert (failed.value.subgraph, failed.value.code) == ("books", code)
    assert "127.0.0.1" not in str(failed.value)


async def test_a_subgraph_that_stops_in_its_answer_has_timed_out() -> None:
    async def stop(peer: Any, reader: Any, writer: Any) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")
        await reader.read()

    async with serving(stop) as peer:
        transport = HttpTransport("books", peer.url, limits=Limits(total_seconds=0.1))
        with pytest.raises(SubgraphUnavailable) as failed:
            await transport.execute(ASK)
        await transport.close()
    assert failed.value.code == "SUBREQUEST_TIMEOUT"


async def test_a_query_is_sent_again_after_a_kept_connection_closed_and_a_mutation_is_not() -> None:
    async def swallow(peer: Any, reader: Any, writer: Any) -> None:
        await reader.readuntil(b"}")

    fine = _said({"data": {"a": 1}})
    async with serving(fine, swallow, b"", fine, swallow, b"", fine) as peer:
        transport = HttpTransport("books", peer.url)
        assert (await transport.execute(ASK)).data == {"a": 1}
        assert (await transport.execute(ASK)).data == {"a": 1}
        with pytest.raises(SubgraphUnavailable) as failed:
            await transport.execute(SubgraphRequest("mutation { a }", kind="mutation"))
        await transport.close()
    assert failed.value.code == "SUBREQUEST_HTTP_ERROR"
    assert peer.connections == 2


async def test_uploads_are_streamed_as_the_multipart_request_says_one_file_once() -> None:
    content = bytes(range(256)) * 1000
    file = UploadFile(
        io.BytesIO(content), filename='a"b\r\n.png', headers=Headers({"content-type": "image/png"})
    )
    request = SubgraphRequest(
        "mutation M($i: In, $f: [Upload]) { up }",
        {"i": {"file": file, "alt": "x"}, "f": [None, file]},
        "M",
        "mutation",
    )
    async with serving(_said({"data": {"up": True}})) as peer:
        transport = HttpTransport("media", peer.url)
        assert (await transport.execute(request)).data == {"up": True}
        await transport.close()
    seen = peer.seen[0]
    found = re.fullmatch(r"multipart/form-data; boundary=(\w+)", seen.headers["content-type"])
    assert found is not None
    opening, operations, places, body, closing = seen.body.split(b"--" + found[1].encode())
    assert (opening, closing) == (b"", b"--\r\n")
    assert operations.startswith(b'\r\nContent-Disposition: form-data; name="operations"\r\n\r\n')
    assert json.loads(operations.split(b"\r\n\r\n", 1)[1]) == {
        "query": request.query,
        "variables": {"i": {"file": None, "alt": "x"}, "f": [None, None]},
        "operationName": "M",
    }
    assert places == (
        b'\r\nContent-Disposition: form-data; name="map"\r\n\r\n{"0":["variables.i.file","variables.f.1"]}\r\n'
    )
    head, _, rest = body.partition(b"\r\n\r\n")
    assert head == (
        b'\r\nContent-Disposition: form-data; name="0"; filename="a%22b%0D%0A.png"\r\nContent-Type: image/png'
    )
    assert rest == content + b"\r\n"


async def test_equal_queries_in_flight_are_sent_once_where_that_is_wanted() -> None:
    async with serving(_said({"data": {"a": {"b": 1}}})) as peer:
        transport = HttpTransport("books", peer.url, share=True)
        first, second = await asyncio.gather(transport.execute(ASK), transport.execute(ASK))
        await transport.close()
    assert first.data == second.data == {"a": {"b": 1}}
    assert first.data is not second.data
    assert len(peer.seen) == 1


async def test_once_something_has_changed_nothing_is_shared_with_what_is_under_way() -> None:
    reply = _said({"data": {"a": 1}})
    async with serving(reply, reply) as peer:
        transport = HttpTransport("books", peer.url, limits=Limits(connections=1), share=True)
        before = [asyncio.create_task(transport.execute(ASK)) for _ in range(2)]
        await asyncio.sleep(0)
        transport.renew()
        after = await transport.execute(ASK)
        answers = [*await asyncio.gather(*before), after]
        await transport.close()
    assert [one.data for one in answers] == [{"a": 1}] * 3
    assert len(peer.seen) == 2


async def test_uploads_that_wait_keep_no_connection_from_anything_else() -> None:
    waits, ended = asyncio.Event(), asyncio.Event()

    async def wait(peer: Any, reader: Any, writer: Any) -> None:
        await read_request(peer, reader)
        waits.set()
        await ended.wait()
        writer.write(_said({"data": {"up": 1}}))

    async with serving(wait, _said({"data": {"a": 1}})) as peer:
        transport = HttpTransport("media", peer.url, limits=Limits(connections=1, waiting=0))
        file = UploadFile(io.BytesIO(b"picture"), filename="a.png")
        request = SubgraphRequest("mutation M($f: Upload) { up }", {"f": file}, "M", "mutation")
        upload = asyncio.create_task(transport.execute(request))
        await waits.wait()
        assert (await transport.execute(ASK)).data == {"a": 1}
        ended.set()
        assert (await upload).data == {"up": 1}
        await transport.close()
