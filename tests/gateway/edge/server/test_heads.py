"""A head that comes again means what it did, however requests come: all at once, in pieces, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from starlette.types import Receive, Scope, Send

from gateway.edge.http.bodies import WHOLE
from gateway.edge.server.heads import KnownHead
from tests.gateway.edge.serving import conversation, served


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Says what it was asked, to the letter; what is asked with ``early`` is not read before it is answered."""
    headers = b"|".join(b"%b=%b" % header for header in scope["headers"])
    body = b""
    while b"early" not in scope["raw_path"]:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            assert scope["state"].get(WHOLE)
            break
    target = b"%b?%b" % (scope["raw_path"], scope["query_string"])
    said = b"<%b %b %b %b %b>" % (
        scope["method"].encode(), target, scope["http_version"].encode(), headers, body
    )  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]})
    await send({"type": "http.response.body", "body": said})


def _post(body: bytes, *headers: bytes, path: bytes = b"/a?b=c%20d") -> bytes:
    lines = [b"POST %b HTTP/1.1" % path, b"Host: h", *headers, b"Content-Length: %d" % len(body), b"", body]
    return b"\r\n".join(lines)


_GET = b"GET /%C3%A9 HTTP/1.1\r\nHost: h\r\n\r\n"
_CHUNKED = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
_EXPECTING = _post(b"xyz", b"Expect: 100-continue")
_INNER = b"GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n"
_EARLY = _post(b"12345678", path=b"/early")

_REQUESTS: dict[str, Sequence[bytes]] = {
    "equal": [_post(b"abc")] * 3,
    "equal but for the body": [_post(b"abc"), _post(b"abd"), _post(b"xyz")],
    "of other lengths": [_post(b"abc"), _post(b"abcd"), _post(b"ab"), _post(b"abcd")],
    "without a body": [_GET] * 3,
    "in turns": [_GET, _post(b"abc"), _GET, _GET, _post(b"abc"), _post(b"abc")],
    "chunked": [_CHUNKED, _CHUNKED, _GET],
    "that expect to go on": [_EXPECTING, _EXPECTING],
    "after empty lines": [b"\r\n" + _GET, b"\r\n" + _GET, _GET],
    "with a request as body": [_post(_INNER), _post(_INNER), _INNER, _INNER],
    "answered before they are read": [_EARLY, _EARLY, _GET, _EARLY],
    "that differ in one header": [_post(b"a", b"A: 1"), _post(b"a", b"A: 2"), _post(b"a", b"A: 2")],
}
_LAST = b"GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


def _in_pieces(requests: Sequence[bytes], *, size: int) -> list[bytes]:
    together = b"".join(requests)
    return [together[at : at + size] for at in range(0, len(together), size)]


@pytest.mark.parametrize("requests", _REQUESTS.values(), ids=_REQUESTS.keys())
async def test_requests_are_answered_alike_in_whatever_pieces_they_come(requests: Sequence[bytes]) -> None:
    requests = [*requests, _LAST]
    ways = [[*requests], [b"".join(requests)], _in_pieces(requests, size=61)]
    pairs = [b"".join(requests[at : at + 2]) for at in range(0, len(requests), 2)]
    shifted = [requests[0] + requests[1][:40], requests[1][40:], *requests[2:]]
    expected = []
    async with served(_echo) as port, asyncio.timeout(60):
        for request in requests:  # each on a connection of its own, which knows no other
            heard = await conversation(port, request, _LAST)
            expected.append(heard[heard.index(b"<") : heard.index(b">") + 1])
        for way in [*ways, pairs, shifted]:
            heard = await conversation(port, *way)
            answers = [one.partition(b">")[0] + b">" for one in heard.split(b"<")[1:]]
            assert [b"<" + one for one in answers] == expected


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (_CHUNKED, 3),
        (_post(b"abc") + b"\r\n", 3),
        (_post(b"abc")[1:], 4),
        (b"GET / HTTP/1.1\nHost: h\n\n" + b"a\r\n\r\nb", 6),
        (_post(b"a", b"A: " + b"x" * 9000), 1),
    ],
    ids=["chunked", "with more behind it", "of another length", "without its line ends", "too long"],
)
def test_what_does_not_stand_as_it_was_read_is_not_known(request_: bytes, body: int) -> None:
    class _Kept:
        keep_alive, expects_continue = True, False

    assert KnownHead.of(_Kept(), request_, body) is None  # type: ignore[arg-type] # all that is asked of one
