"""What a client of one origin is, whichever version of HTTP it speaks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from urllib.parse import urlsplit

from gateway.transport.http.failures import BadRequest, HttpFailure

__all__ = [
    "HOP_BY_HOP",
    "Client",
    "Headers",
    "HttpAnswer",
    "HttpStream",
    "Limits",
    "Origin",
    "PostTarget",
    "Posted",
    "as_text",
    "stated_length",
]

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
Posted: TypeAlias = Callable[[int, bytes | HttpFailure], None]
"""Told the status and the body, or 0 and why there is none."""

HOP_BY_HOP = frozenset(
    {
        "connection", "host", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect", "content-length",
    }
)  # fmt: skip
"""Headers that are between two neighbours, and those that clients write by themselves."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a client; seconds and bytes. ``total_seconds`` is for a whole request, queueing included."""

    connections: int = 100
    waiting: int = 1000
    connect_seconds: float = 5.0
    total_seconds: float = 30.0
    upload_seconds: float = 600.0
    idle_seconds: float = 30.0
    answer_bytes: int = 64 * 1024 * 1024
    multiplexed: int = 4
    """Connections at most, where one carries many requests."""
    ping_seconds: float = 10.0
    """Of silence on such a connection before it is asked for a sign of life, and again before it is given up."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a server is."""

    host: str
    port: int
    tls: bool

    @classmethod
    def of(cls, url: str) -> Origin:
        """The origin of an http(s) URL; raises ValueError on any other."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("A subgraph's URL begins with http:// or https:// and names a host")
        tls = parts.scheme == "https"
        return cls(parts.hostname, parts.port or (443 if tls else 80), tls)

    def authority(self) -> str:
        """The value of a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer, its content coding undone; header names are in lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpStream:
    """An answer whose body is read as it comes. Bytes are passed on as they are, gzip included."""

    status: int
    headers: list[tuple[str, str]]
    body: AsyncIterator[bytes]


class PostTarget(Protocol):
    """A path for many small POST requests, their common headers prepared once."""

    def post(
        self, headers: Mapping[str, str], body: bytes, done: Posted, *, retry: bool
    ) -> Callable[[], None]:
        """Send one; ``done`` is called once, later, unless what is returned is called before: it cancels.

        Raises HttpFailure where the request cannot be written. ``retry``: see ``Client.request``.
        """
        ...


class Client(Protocol):
    """Requests to one origin; ``path`` is always the origin's own."""

    limits: Limits

    async def request(
        self, method: str, path: str, headers: Headers, body: bytes = b"", *, retry: bool = False
    ) -> HttpAnswer:
        """Send a request and read its answer; raises HttpFailure.

        ``retry``: once more on another connection, where one ended before any byte of an answer.
        """
        ...

    def post_to(self, path: str, headers: Headers) -> PostTarget:
        """Where many small POST requests go that have ``headers`` in common."""
        ...

    async def upload(
        self, method: str, path: str, headers: Headers, body: AsyncIterator[bytes], length: int | None
    ) -> HttpAnswer:
        """Send a body as it is produced, and read the whole answer; raises HttpFailure. Never sent twice."""
        ...

    def stream(
        self, method: str, path: str, headers: Headers, body: AsyncIterator[bytes] | None = None
    ) -> AbstractAsyncContextManager[HttpStream]:
        """Proxy a request: both bodies flow as the other side takes them; leaving early ends it there too.

        A ``content-length`` among ``headers`` is the body's. Headers between two neighbours are left out.
        """
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


def stated_length(headers: Iterable[tuple[str, str]]) -> int | None:
    """What ``content-length`` says, if it is there; raises BadRequest."""
    stated = next((value for name, value in headers if name.lower() == "content-length"), None)
    if stated is None:
        return None
    if not (stated.isascii() and stated.isdigit()):
        raise BadRequest("the request's length is no number")
    return int(stated)


def as_text(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Headers as they came, as texts."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
