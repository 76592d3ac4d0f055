"""What a request's head says, and the same head again: a client that keeps its connection mostly sends one, to the byte.

Its bytes have one meaning at the beginning of a request, so what was read of them once holds the next time. Each connection
knows the last of its own, which it holds anyway: nothing is kept of a client that is not there, nor found by another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httptools
from msgspec import Struct
from starlette.types import Scope

from gateway.edge.http.requests import HEADERS, FoundHeaders

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["Head", "KnownHead"]

_LONGEST = 8 * 1024
_ASGI = {"version": "3.0", "spec_version": "2.3"}


class Head(Struct, frozen=True):
    """``scope`` is all of the request's but its state, to which ``state`` is added."""

    scope: Scope
    state: dict[str, Any]
    keep_alive: bool
    expects_continue: bool

    @classmethod
    def read(cls, protocol: HttpToolsProtocol) -> Head:
        """Of the request whose head the protocol's parser has read."""
        parser, headers = protocol.parser, protocol.headers
        url = httptools.parse_url(protocol.url)
        path = url.path.decode("ascii")
        version = parser.get_http_version()
        scope = {
            "type": "http",
            "asgi": _ASGI,
            "http_version": version,
            "server": protocol.server,
            "client": protocol.client,
            "scheme": protocol.scheme,
            "method": parser.get_method().decode("ascii"),
            "root_path": protocol.root_path,
            "path": protocol.root_path + (unquote(path) if "%" in path else path),
            "raw_path": protocol.root_path.encode("ascii") + url.path,
            "query_string": url.query or b"",
            "headers": headers,
        }
        keep_alive = version != "1.0" and parser.should_keep_alive()
        return cls(scope, {HEADERS: FoundHeaders(headers)}, keep_alive, protocol.expect_100_continue)


class KnownHead(Struct, frozen=True):
    """A head that may come again, and the ``length`` of the request with its body."""

    head: Head
    raw: bytes
    length: int

    @classmethod
    def of(cls, head: Head, request: bytes, body: int) -> KnownHead | None:
        """From one whole request with so many bytes of body; None where it does not stand there as it was read."""
        end = request.find(b"\r\n\r\n", 0, _LONGEST) + 4
        if end < 4 or end + body != len(request) or not head.keep_alive or head.expects_continue:
            return None
        return cls(head, request[:end], len(request))

    def begins(self, data: bytes) -> bool:
        """Whether this is a request with the same head, and whole."""
        return len(data) == self.length and data.startswith(self.raw)

    def rest(self, request: bytes) -> bytes:
        """The body."""
        return request[len(self.raw) :]
