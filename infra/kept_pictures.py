"""Public pictures kept by a gateway whose media service is another process.

An answer is kept where it says that it may be for ever (`public`, `immutable`), beside the picture's row as Redis had it before
the service was asked. It is given again only while Redis has the very same row, which is asked anew for every request, as the media
service itself does, and by a lease of the service's: what was made private a moment ago is not served from here either. Whatever
else is asked, and everything while Redis is away or the lease refused, goes to the service.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeAlias

from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from subgraphs.kit.cache.cache import Cache
from subgraphs.kit.cache.lease import Lease
from subgraphs.kit.clock import SystemClock
from subgraphs.kit.loading.together import Together
from subgraphs.kit.redis.link import RedisLink
from subgraphs.kit.telemetry.metrics import Metrics

__all__ = ["KeptPictures", "Rows", "kept_rows"]

_WHOLE = 1 << 20
"""Answers of more bytes are passed on and not kept."""
_PLAIN = frozenset({b"range", b"if-none-match", b"if-range", b"if-modified-since"})
"""Who sends one of these does not want simply the whole."""

_PATH, _VERSION = re.compile(r"/images/[0-9a-f]{32}/[^/]{1,64}"), re.compile(rb"v=[0-9a-zA-Z_-]{1,64}")
_LONGEST_ACCEPT = 256
"""Browsers send some eighty bytes."""
_AROUND = 1024
"""What the objects cost around an answer's bytes."""

Rows: TypeAlias = Callable[[list[str]], Awaitable[Sequence[bytes | None]]]
"""The rows of pictures by their raw ids, as Redis has them now; None where it has none."""
_Key: TypeAlias = tuple[str, bytes, bytes]


@asynccontextmanager
async def kept_rows(redis_url: str, ask: Callable[[], Awaitable[bool]]) -> AsyncIterator[Rows]:
    """The media domain's rows in Redis; ``ask`` asks the domain for a lease."""
    link = RedisLink(redis_url)
    cache = Cache("media", link, Metrics(CollectorRegistry()), SystemClock())

    lease = Lease(ask)

    async def rows(ids: list[str]) -> list[bytes | None]:
        if not await lease.held():
            return [None] * len(ids)
        found = await cache.get("media", ids)
        return [f.payload or None if f is not None and not f.refresh else None for f in found]

    try:
        yield rows
    finally:
        await lease.close()
        await link.close()


@dataclass(frozen=True, slots=True)
class _Answer:
    row: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes


class KeptPictures:
    """``/images/{id}/{name}`` before the application that answers it; ``memory`` in bytes."""

    def __init__(self, service: ASGIApp, rows: Rows, memory: int) -> None:
        self._service = service
        self._row = Together(rows)
        self._most = memory
        self._held = 0
        self._answers: OrderedDict[_Key, _Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A kept answer that still holds, or the service's."""
        key = _key(scope)
        row = await self._row.of(key[0].split("/", 3)[2]) if key else None
        if key is None or row is None:
            await self._service(scope, receive, send)
            return
        kept = self._answers.get(key)
        if kept is not None and kept.row == row:
            self._answers.move_to_end(key)
            await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
            await send({"type": "http.response.body", "body": kept.body})
            return
        heard = _Heard(send)
        await self._service(scope, receive, heard)
        if heard.whole:
            self._keep(key, _Answer(row, heard.headers, b"".join(heard.chunks)))

    def _keep(self, key: _Key, answer: _Answer) -> None:
        if len(answer.body) > self._most // 16:
            return  # it alone would push most others out
        before = self._answers.pop(key, None)
        self._held += _size(key, answer) - (_size(key, before) if before else 0)
        self._answers[key] = answer
        while self._held > self._most:
            self._held -= _size(*self._answers.popitem(last=False))


def _size(key: _Key, answer: _Answer) -> int:
    """All that is kept, in bytes."""
    parts = [*key, answer.row, answer.body, *chain.from_iterable(answer.headers)]
    return sum(map(len, parts)) + _AROUND


def _key(scope: Scope) -> _Key | None:
    """What the answer depends on; None for a request whose answer is not kept."""
    query: bytes = scope["query_string"]
    path: str = scope["path"]
    if scope["method"] != "GET" or not _VERSION.fullmatch(query) or not _PATH.fullmatch(path):
        return None
    accept = b""
    for header, value in scope["headers"]:
        if header in _PLAIN:
            return None
        if header == b"accept":
            accept += value + b","
    if not path.endswith(".auto"):
        return path, query, b""
    return (path, query, accept) if len(accept) <= _LONGEST_ACCEPT else None


@dataclass(slots=True)
class _Heard:
    """Passes an answer on, and remembers it where it may be kept."""

    send: Send
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    whole: bool = False
    _keeping: bool = False
    _size: int = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.headers = list(message["headers"])
            self._keeping = message["status"] == 200 and _may_be_kept(self.headers)
        elif self._keeping and (body := message.get("body", b"")):
            self.chunks.append(body)
            self._size += len(body)
            if self._size > _WHOLE:
                self._keeping = False
                self.chunks.clear()
        await self.send(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.whole = self._keeping


def _may_be_kept(headers: list[tuple[bytes, bytes]]) -> bool:
    said = next((value for name, value in headers if name == b"cache-control"), b"")
    return {b"public", b"immutable"} <= {part.strip() for part in said.split(b",")}
